import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Accepted } from '../../http/envelope/document.js';
import { ApiError } from '../../http/errors/api-error.js';
import { RateWindows } from '../../http/rate-limit/rate-windows.repository.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { Clock } from '../../platform/clock.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { AccountExists } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { alreadyRegistered } from '../../platform/mail/templates.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { InvitesService } from '../invites/invites.service.js';
import { AccountsService } from '../users/accounts.service.js';
import { AdmissionsService } from '../users/admissions.service.js';
import type { Newcomer } from '../users/user.js';
import { AUTH_INVITE_INVALID, AUTH_INVITE_REQUIRED, AUTH_REGISTRATION_CLOSED } from './auth.errors.js';
import {
  CODE_SENT,
  type CodeSentResponse,
  type ConfirmDto,
  type RegisterDto,
  type RegisteredResponse,
} from './dto/auth.dto.js';
import { PasswordRules } from './password-rules.js';

const NOTICES_PER_HOUR = 5;

/** What an invitation gives, and the write that uses it. */
interface Grant extends Pick<Newcomer, 'role' | 'theme' | 'inviteId'> {
  readonly writes: readonly Write[];
}

@Injectable()
export class RegistrationService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly admissions: AdmissionsService,
    private readonly accounts: AccountsService,
    private readonly invites: InvitesService,
    private readonly passwords: PasswordRules,
    private readonly audit: AuditTrail,
    private readonly mailer: Mailer,
    private readonly windows: RateWindows,
    private readonly clock: Clock,
  ) {}

  async register(body: RegisterDto, origin: Origin): Promise<RegisteredResponse | Accepted> {
    this.passwords.assert('password', body.password);
    const { preventEnumeration } = this.config.auth;
    try {
      // Again from the start when the invitation changed under it: it may have uses left.
      const { sub: userId, confirmed } = await untilCurrent(() => this.makeAccount(body));
      await this.audit.record(userId, 'registered', { origin });
      return preventEnumeration ? new Accepted(CODE_SENT) : { userId, email: body.email, confirmed };
    } catch (error) {
      if (!preventEnumeration || !(error instanceof AccountExists)) throw error;
      await this.tellHolder(body.email);
      return new Accepted(CODE_SENT);
    }
  }

  async confirm({ email, code }: ConfirmDto, origin: Origin): Promise<{ confirmed: true }> {
    const userId = await this.identity.registration.confirm(email, code);
    if (userId !== undefined) {
      await this.accounts.addressConfirmed(userId);
      await this.audit.record(userId, 'address-confirmed', { origin });
    }
    return { confirmed: true };
  }

  async resend(email: string): Promise<CodeSentResponse> {
    await this.identity.registration.resend(email);
    return CODE_SENT;
  }

  private async makeAccount({ email, username, password, name, inviteCode }: RegisterDto) {
    const { writes, ...granted } = await this.grantFor(email, inviteCode);
    const newcomer: Newcomer = { email, name, username, ...granted };
    const { registration } = this.identity;
    const isLetIn = (userId: string) => this.admissions.isLetIn(userId);
    const confirmFirst =
      registration.alwaysConfirms ||
      this.config.auth.emailConfirmation ||
      this.admissions.isOwnersAddress(email);
    const account = { email, username, password, name, confirmFirst };
    if (confirmFirst) {
      const rows = (userId: string) => [...writes, this.admissions.letIn(userId, newcomer)];
      return registration.register(account, rows, isLetIn);
    }
    return this.admissions.enter(newcomer, (profile) =>
      registration.register(account, (userId) => [...writes, ...profile(userId)], isLetIn),
    );
  }

  private async grantFor(email: string, inviteCode: string | undefined): Promise<Grant> {
    if (this.admissions.isOwnersAddress(email)) return { writes: [] };
    const { registration } = this.config.auth;
    if (registration === 'closed') throw new ApiError(AUTH_REGISTRATION_CLOSED);
    if (inviteCode !== undefined) {
      const invite = await this.invites.usable(inviteCode, email);
      if (!invite) throw new ApiError(AUTH_INVITE_INVALID);
      const { id: inviteId, role, theme } = invite;
      return { inviteId, role, theme: theme ?? undefined, writes: [this.invites.use(invite)] };
    }
    if (registration === 'invite' && !(await this.admissions.isFirst()))
      throw new ApiError(AUTH_INVITE_REQUIRED);
    return { writes: [] };
  }

  /** Whoever holds the address learns by mail what the answer does not tell. */
  private async tellHolder(email: string): Promise<void> {
    const now = this.clock.seconds();
    const told = await this.windows.count(email, 'registration-notice', now - (now % 3600));
    if (told <= NOTICES_PER_HOUR) await this.mailer.send(email, alreadyRegistered());
  }
}
