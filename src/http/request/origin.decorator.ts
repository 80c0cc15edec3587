import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { keptText } from '../../platform/text.js';
import { networkOf } from './network.js';

/** Longer ones of real browsers are not known; of a session it is all that is shown. */
const USER_AGENT_LENGTH = 500;

/** Where a request came from. The address is the connection's or the event's; a header counts only where a trusted proxy wrote it. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<Request>();
  const userAgent = request.get('user-agent');
  return {
    address: networkOf(request.ip),
    userAgent: userAgent === undefined ? undefined : keptText(userAgent, USER_AGENT_LENGTH),
  };
});
