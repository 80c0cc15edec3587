import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { type CurrentUser, isAbove, type Role } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Item, Page } from '../../platform/dynamodb/item.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { IdSource } from '../../platform/ids.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { ApplicationKeys } from '../../platform/secrets/application-keys.js';
import { invitation } from '../../platform/mail/templates.js';
import { AccountsService } from '../users/accounts.service.js';
import type {
  CreateInviteDto,
  InviteQuery,
  InviteWithCodeResponse,
  ValidatedInviteResponse,
} from './dto/invite.dto.js';
import { type Invite, newCode } from './invite.js';
import { unconfirmedUsersOf } from './invite.item.js';
import { INVITE_NOT_FOUND, INVITE_NOT_PENDING, INVITE_USER_EXISTS } from './invites.errors.js';
import { InvitesRepository } from './invites.repository.js';

const DAY_SECONDS = 24 * 3600;

@Injectable()
export class InvitesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly invites: InvitesRepository,
    private readonly keys: ApplicationKeys,
    private readonly mailer: Mailer,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async create(
    actor: CurrentUser,
    { email, role, theme, maxUses, expiresInDays, notify }: CreateInviteDto,
  ): Promise<InviteWithCodeResponse> {
    assertMayGrant(actor, role);
    if (email !== undefined) await this.assertNoUser(email);
    const code = newCode();
    const validUntil = this.clock.seconds() + expiresInDays * DAY_SECONDS;
    const fields = { id: this.ids.next(), email: email ?? null, theme: theme ?? null };
    const invite = await this.invites.create({ ...fields, role, maxUses, validUntil }, code);
    return this.handOut(invite, code, notify);
  }

  list({ status, limit, after }: InviteQuery & Paged): Promise<Page<Invite>> {
    return this.invites.list(status, { limit, after });
  }

  async get(id: string): Promise<Invite> {
    return (await this.find(id, { consistent: false })).invite;
  }

  async revoke(actor: CurrentUser, id: string): Promise<Invite> {
    return untilCurrent(async () => this.invites.revoke(await this.findPending(actor, id)));
  }

  /** The code before stops working. */
  async resend(actor: CurrentUser, id: string): Promise<InviteWithCodeResponse> {
    const code = newCode();
    const invite = await untilCurrent(async () =>
      this.invites.recode(await this.findPending(actor, id), code),
    );
    return this.handOut(invite, code, true);
  }

  async validate(code: string): Promise<ValidatedInviteResponse> {
    const invite = (await this.invites.findByCode(code))?.invite;
    if (invite?.status !== 'pending') return { valid: false };
    return { valid: true, role: invite.role, expiresAt: invite.expiresAt };
  }

  /**
   * What an invitation gives an address, and the write that uses it once; undefined for a code that does not let it in.
   * An address that has used it before may come again without another use: it has registered anew, before it was confirmed.
   * @param isFinal whether the address is confirmed, so that it cannot come by the invitation again
   * @throws {StaleVersion} in the transaction of the writes, when the invitation has changed meanwhile
   */
  async grant(code: string, email: string, { isFinal }: { readonly isFinal: boolean }) {
    const found = await this.invites.findByCode(code);
    if (!found || (found.invite.email !== null && found.invite.email !== email)) return undefined;
    const [user = '', ...older] = await this.userHashes(email);
    const { id: inviteId, role, theme, status, expiresAt } = found.invite;
    const used = unconfirmedUsersOf(found.item).some((hash) => hash === user || older.includes(hash));
    const current = new Date(expiresAt) > this.clock.now();
    if (status !== 'pending' && !(status === 'accepted' && used && current)) return undefined;
    const writes = used ? [] : [this.invites.use(found, isFinal ? undefined : user)];
    return { inviteId, role, theme: theme ?? undefined, writes };
  }

  /** The address that used an invitation is confirmed: it cannot come by it again. */
  async forgetUnconfirmed(id: string, email: string): Promise<void> {
    const users = await this.userHashes(email);
    await untilCurrent(() => this.invites.forgetUnconfirmed(id, users));
  }

  private async handOut(invite: Invite, code: string, notify: boolean): Promise<InviteWithCodeResponse> {
    const url = `${this.config.appUrl}/register?inviteCode=${code}`;
    if (invite.email !== null && notify) {
      await this.mailer.send(invite.email, invitation(code, url, invite.expiresAt));
    }
    return { ...invite, code, url };
  }

  private async assertNoUser(email: string): Promise<void> {
    const sub = await this.identity.directory.subOf(email);
    if (sub !== undefined && (await this.accounts.isUser(sub))) throw new ApiError(INVITE_USER_EXISTS);
  }

  private userHashes(email: string): Promise<readonly string[]> {
    return this.keys.pseudonyms('user of an invitation', email);
  }

  private async find(id: string, { consistent = true } = {}): Promise<{ invite: Invite; item: Item }> {
    const found = await this.invites.find(id, { consistent });
    if (!found) throw new ApiError(INVITE_NOT_FOUND);
    return found;
  }

  /** Whoever has the code of an invitation gets its role: no more than the actor may grant. */
  private async findPending(actor: CurrentUser, id: string): Promise<Item> {
    const { invite, item } = await this.find(id);
    assertMayGrant(actor, invite.role);
    if (invite.status !== 'pending') throw new ApiError(INVITE_NOT_PENDING);
    return item;
  }
}

function assertMayGrant(actor: CurrentUser, role: Role): void {
  if (isAbove(role, actor.role)) throw new ApiError(AUTH_FORBIDDEN);
}
