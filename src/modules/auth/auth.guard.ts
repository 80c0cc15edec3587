import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard as PassportAuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import {
  ACCESS,
  type Access,
  type CurrentUser,
  isAbove,
  type UnadmittedUser,
} from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN, AUTH_TOKEN_EXPIRED, AUTH_UNAUTHORIZED } from '../../http/errors/common.errors.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import { NotAdmitted } from '../../platform/identity/identity-errors.js';
import { LazyModules } from '../../platform/lazy-modules.js';
import { once } from '../../platform/once.js';
import { requestContext } from '../../platform/request-context.js';

const SIGNED_IN: Access = { level: 'user', role: 'member' };

/** Stands before every route. What is not marked otherwise takes signed-in users only. */
@Injectable()
export class AuthGuard extends PassportAuthGuard('jwt') {
  /** What checks tokens is loaded with the first one. */
  readonly loadAccess = once(() =>
    this.modules.load(async () => [(await import('./access.module.js')).AccessModule]),
  );

  constructor(private readonly modules: LazyModules) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = accessOf(context);
    const { headers } = context.switchToHttp().getRequest<Request>();
    const optional = access.level === 'optional' || access.level === 'attempted';
    const anonymous = optional && headers.authorization === undefined;
    return access.level === 'public' || anonymous || this.authenticate(access, context);
  }

  private async authenticate(access: Access, context: ExecutionContext): Promise<boolean> {
    await this.loadAccess();
    await super.canActivate(context);
    const { user } = context.switchToHttp().getRequest<Request & { user?: CurrentUser }>();
    if (!user || access.level === 'unadmitted') return true;
    if (access.level === 'user' && isAbove(access.role, user.role)) {
      throw new ApiError(AUTH_FORBIDDEN);
    }
    const current = requestContext.current();
    if (current) current.userId = user.id;
    return true;
  }

  /** passport-jwt reports a fault of the key set through `info`, as it does a bad token. */
  override handleRequest<T>(error: unknown, user: T | false, info: unknown, context: ExecutionContext): T {
    if (user) return user;
    const { level } = accessOf(context);
    if (error instanceof NotAdmitted && level === 'unadmitted')
      return { sub: error.sub, username: error.username } satisfies UnadmittedUser as T;
    const outage = error ?? (info instanceof ServiceUnavailable ? info : undefined);
    if (level === 'attempted' && !(outage instanceof ServiceUnavailable)) return undefined as T;
    if (outage) throw outage;
    const expired = (info as Error | undefined)?.name === 'TokenExpiredError';
    const { headers } = context.switchToHttp().getRequest<Request>();
    // RFC 6750, 3.1: the answer to a request without a token has no error code.
    const challenge = headers.authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    throw new ApiError(expired ? AUTH_TOKEN_EXPIRED : AUTH_UNAUTHORIZED, {
      headers: { 'WWW-Authenticate': challenge },
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
