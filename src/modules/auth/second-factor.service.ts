import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_UNAUTHORIZED } from '../../http/errors/common.errors.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { otpauthUrl } from '../../platform/identity/totp.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccountsService } from '../users/accounts.service.js';
import type {
  EnrolTotpDto,
  SecondFactorResponse,
  SecondFactorStatusResponse,
  TotpSecretResponse,
} from './dto/second-factor.dto.js';
import { RecentSignIn } from './recent-sign-in.js';
import { SecurityNotices } from '../users/security-notices.js';

@Injectable()
export class SecondFactorService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly recentSignIn: RecentSignIn,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
  ) {}

  status(user: CurrentUser): Promise<SecondFactorStatusResponse> {
    return this.identity.secondFactor.status(user.id);
  }

  /** A secret that counts once a code of it was shown. */
  async enrol(user: CurrentUser, { password }: EnrolTotpDto, origin: Origin): Promise<TotpSecretResponse> {
    await this.recentSignIn.assert(user, password, origin);
    const subject = await this.accounts.subject(user.id);
    if (!subject) throw new ApiError(AUTH_UNAUTHORIZED);
    const secret = await this.identity.secondFactor.enrol({ sub: user.id, accessToken: user.accessToken });
    return { secret, otpauthUrl: await otpauthUrl(secret, subject.email) };
  }

  async enable(user: CurrentUser, code: string, origin: Origin): Promise<SecondFactorResponse> {
    const backupCodes = await this.identity.secondFactor.enable(callerOf(user, origin), code);
    await this.audit.record(user.id, 'mfa-enabled', { origin });
    await this.notices.send(user.id, 'mfa-enabled');
    return { enabled: true, backupCodes: [...backupCodes] };
  }

  async regenerateBackupCodes(
    user: CurrentUser,
    code: string,
    origin: Origin,
  ): Promise<SecondFactorResponse> {
    const caller = callerOf(user, origin);
    const backupCodes = await this.identity.secondFactor.regenerateBackupCodes(caller, code);
    await this.audit.record(user.id, 'backup-codes-changed', { origin });
    await this.notices.send(user.id, 'backup-codes-changed');
    return { enabled: true, backupCodes: [...backupCodes] };
  }

  async disable(user: CurrentUser, code: string, origin: Origin): Promise<SecondFactorResponse> {
    await this.identity.secondFactor.disable(callerOf(user, origin), code);
    await this.audit.record(user.id, 'mfa-disabled', { origin });
    await this.notices.send(user.id, 'mfa-disabled');
    return { enabled: false, backupCodes: [] };
  }
}

const callerOf = ({ id, accessToken }: CurrentUser, { address }: Origin) => ({
  sub: id,
  accessToken,
  address,
});
