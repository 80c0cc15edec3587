import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Response } from 'express';

const HANDLER = 'handler';

/** Notes which method of which controller answers, since Nest does not tell its HTTP adapter. The first guard. */
@Injectable()
export class RouteHandlerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getResponse<Response>().locals[HANDLER] = context.getHandler();
    return true;
  }
}

/** @returns undefined where no route answers */
export const handlerOf = ({ locals }: Response): Function | undefined =>
  locals[HANDLER] as Function | undefined;
