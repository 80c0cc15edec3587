import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard as PassportAuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { ACCESS, type Access, type CurrentUser, isAbove } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN, AUTH_TOKEN_EXPIRED, AUTH_UNAUTHORIZED } from '../../http/errors/common.errors.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import { requestContext } from '../../platform/request-context.js';

const SIGNED_IN: Access = { level: 'user', role: 'member' };

/** Stands before every route. What is not marked otherwise takes signed-in users only. */
@Injectable()
export class AuthGuard extends PassportAuthGuard('jwt') {
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = accessOf(context);
    const { headers } = context.switchToHttp().getRequest<Request>();
    const anonymous = access.level === 'optional' && headers.authorization === undefined;
    return access.level === 'public' || anonymous || this.authenticate(access, context);
  }

  private async authenticate(access: Access, context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    const { user } = context.switchToHttp().getRequest<Request & { user: CurrentUser }>();
    if (access.level === 'user' && isAbove(access.role, user.role)) {
      throw new ApiError(AUTH_FORBIDDEN);
    }
    const current = requestContext.current();
    if (current) current.userId = user.id;
    return true;
  }

  /** passport-jwt reports a fault of the key set through `info`, as it does a bad token. */
  override handleRequest<T>(error: unknown, user: T | false, info: unknown): T {
    if (user) return user;
    if (error) throw error;
    if (info instanceof ServiceUnavailable) throw info;
    const expired = (info as Error | undefined)?.name === 'TokenExpiredError';
    throw new ApiError(expired ? AUTH_TOKEN_EXPIRED : AUTH_UNAUTHORIZED, {
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    });
  }
}

function accessOf(context: ExecutionContext): Access {
  return (
    (Reflect.getMetadata(ACCESS, context.getHandler()) as Access | undefined) ??
    (Reflect.getMetadata(ACCESS, context.getClass()) as Access | undefined) ??
    SIGNED_IN
  );
}
