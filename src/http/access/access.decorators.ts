import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Request } from 'express';

export const ROLES = ['member', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a role stands above another: owner > admin > member. */
export const isAbove = (one: Role, other: Role): boolean => ROLES.indexOf(one) > ROLES.indexOf(other);

/** Who is calling. */
export interface CurrentUser {
  readonly id: string;
  readonly role: Role;
  /** The sign-in that the token belongs to. */
  readonly sessionId: string | undefined;
  /** The token itself, if it is an access token: Cognito wants to see it. */
  readonly accessToken: string | undefined;
  /** When they signed in, in seconds since the epoch (`auth_time`). */
  readonly signedInAt?: number | undefined;
}

export type Access =
  | { readonly level: 'public' | 'optional' | 'attempted' | 'unadmitted' }
  | { readonly level: 'user'; readonly role: Role };

export const ACCESS = 'hearth:access';

/** Anyone; a token is not looked at. Without one of these three, a route takes any signed-in user. */
export const Public = () => SetMetadata(ACCESS, { level: 'public' } satisfies Access);

/** Anyone; a token that is sent must be good, and may show more. */
export const OptionalAuth = () =>
  applyDecorators(SetMetadata(ACCESS, { level: 'optional' } satisfies Access), ApiBearerAuth('bearerAuth'));

/** Anyone; a token that is no longer good counts as none. */
export const AttemptedAuth = () =>
  applyDecorators(SetMetadata(ACCESS, { level: 'attempted' } satisfies Access), ApiBearerAuth('bearerAuth'));

/** Whoever is signed in at the identity provider, admitted here or not (`UnadmittedUser`). */
export const Unadmitted = () => SetMetadata(ACCESS, { level: 'unadmitted' } satisfies Access);

/** Users of at least this role: owner > admin > member. */
export const Roles = (role: Role) => SetMetadata(ACCESS, { level: 'user', role } satisfies Access);

/** Somebody whom the identity provider knows, and who need not be a user here. */
export interface UnadmittedUser {
  readonly sub: string;
  /** As the provider's tokens name them. */
  readonly username: string | undefined;
}

/** The caller, as the guard found them. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Request & { user: CurrentUser }>().user,
);
