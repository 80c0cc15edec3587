import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Accepted } from '../../http/envelope/document.js';
import { ApiError } from '../../http/errors/api-error.js';
import { RateWindows } from '../../http/rate-limit/rate-windows.repository.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { Clock } from '../../platform/clock.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import { AccountExists, TooManyMails } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { KnownPlacesRepository } from '../../platform/identity/known-places.repository.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { alreadyRegistered } from '../../platform/mail/templates.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { InvitesService } from '../invites/invites.service.js';
import { AccountsService } from '../users/accounts.service.js';
import { AdmissionsService, type Invitation } from '../users/admissions.service.js';
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
const TOKEN_BYTES = 32;

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
    private readonly places: KnownPlacesRepository,
    private readonly windows: RateWindows,
    private readonly clock: Clock,
  ) {}

  async register(body: RegisterDto, origin: Origin): Promise<RegisteredResponse | Accepted> {
    await this.passwords.assert('password', body.password, body.email);
    const { preventEnumeration } = this.config.auth;
    const registrationToken = randomBytes(TOKEN_BYTES).toString('base64url');
    const accepted = () => new Accepted({ ...CODE_SENT, registrationToken });
    try {
      // Again from the start when the invitation changed under it: it may have uses left.
      const account = await untilCurrent(() => this.makeAccount(body, registrationToken, origin));
      const { sub: userId, confirmed } = account;
      await this.audit.record(userId, 'registered', { origin });
      return preventEnumeration ? accepted() : { userId, email: body.email, confirmed, registrationToken };
    } catch (error) {
      if (!preventEnumeration) throw error;
      if (error instanceof AccountExists) await this.tellHolder(body.email);
      else if (!(error instanceof TooManyMails)) throw error;
      return accepted();
    }
  }

  async confirm(
    { email, code, registrationToken: token }: ConfirmDto,
    origin: Origin,
  ): Promise<{ confirmed: true }> {
    const letIn = (sub: string) => this.admissions.confirmation(sub);
    const userId = await this.identity.registration.confirm({ email, code, token }, letIn);
    await this.accounts.addressConfirmed(userId);
    const inviteId = await this.accounts.inviteOf(userId);
    if (inviteId !== undefined) await this.invites.forgetUnconfirmed(inviteId, email);
    await this.places.remember(userId, origin);
    await this.audit.record(userId, 'address-confirmed', { origin });
    return { confirmed: true };
  }

  async resend(email: string, { address }: Origin): Promise<CodeSentResponse> {
    await this.identity.registration.resend({ email, address });
    return CODE_SENT;
  }

  private async makeAccount(
    { email, username, password, name, inviteCode }: RegisterDto,
    token: string,
    { address }: Origin,
  ) {
    const { registration } = this.identity;
    const confirmFirst =
      registration.alwaysConfirms ||
      this.config.auth.emailConfirmation ||
      this.admissions.isOwnersAddress(email);
    const { writes, ...granted } = await this.grantFor(email, inviteCode, confirmFirst);
    const newcomer: Newcomer = { email, name, username, ...granted };
    const forget = (userId: string) => this.admissions.forget(userId);
    const account = { email, username, password, name, confirmFirst, token, address };
    if (confirmFirst) {
      const rows = (userId: string) => [...writes, this.admissions.letIn(userId, newcomer)];
      return registration.register(account, rows, forget);
    }
    return this.admissions.enter(newcomer, (profile) =>
      registration.register(account, (userId) => [...writes, ...profile(userId)], forget),
    );
  }

  private async grantFor(
    email: string,
    inviteCode: string | undefined,
    confirmFirst: boolean,
  ): Promise<Invitation> {
    if (this.admissions.isOwnersAddress(email)) return { writes: [] };
    const { registration } = this.config.auth;
    if (registration === 'closed') throw new ApiError(AUTH_REGISTRATION_CLOSED);
    if (inviteCode !== undefined) {
      const granted = await this.invites.grant(inviteCode, email, { isFinal: !confirmFirst });
      if (!granted) throw new ApiError(AUTH_INVITE_INVALID);
      return granted;
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
