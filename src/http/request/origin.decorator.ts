import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { networkOf } from './network.js';

/** Where a request came from. Behind the gateway the address is the event's, never a header's. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<Request>();
  return { address: networkOf(request.ip), userAgent: request.get('user-agent') };
});
