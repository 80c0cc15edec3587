import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { Clock } from '../../platform/clock.js';
import { InvalidCredentials } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AUTH_RECENT_SIGN_IN_REQUIRED } from './auth.errors.js';

const RECENT_SECONDS = 600;

/** Guards what a stolen access token must not do, such as enrolling a second factor. */
@Injectable()
export class RecentSignIn {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Insists on the password, where the provider lets this API check it, or on a sign-in of the last ten minutes.
   * @throws {ApiError} AUTH_RECENT_SIGN_IN_REQUIRED @throws {InvalidCredentials} @throws {TooManyFailures}
   */
  async assert(user: CurrentUser, password: string | undefined, origin: Origin): Promise<void> {
    if (password !== undefined && this.identity.passwords.checkable)
      return this.assertPassword(user, password, origin);
    const { signedInAt } = user;
    if (signedInAt === undefined || this.clock.seconds() - signedInAt > RECENT_SECONDS)
      throw new ApiError(AUTH_RECENT_SIGN_IN_REQUIRED);
    return undefined;
  }

  private async assertPassword(user: CurrentUser, password: string, origin: Origin): Promise<void> {
    const caller = { sub: user.id, accessToken: user.accessToken, address: origin.address };
    try {
      await this.identity.passwords.assertRight(caller, password);
    } catch (error) {
      if (error instanceof InvalidCredentials) await this.audit.record(user.id, 'login-failed', { origin });
      throw error;
    }
  }
}
