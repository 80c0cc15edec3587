import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { type CurrentUser, isAbove, type Role } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Item, Page } from '../../platform/dynamodb/item.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { IdSource } from '../../platform/ids.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { invitation } from '../../platform/mail/templates.js';
import type {
  CreateInviteDto,
  InviteQuery,
  InviteWithCodeResponse,
  ValidatedInviteResponse,
} from './dto/invite.dto.js';
import { type Invite, newCode } from './invite.js';
import { INVITE_NOT_FOUND, INVITE_NOT_PENDING } from './invites.errors.js';
import { InvitesRepository } from './invites.repository.js';

const DAY_SECONDS = 24 * 3600;

@Injectable()
export class InvitesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly invites: InvitesRepository,
    private readonly mailer: Mailer,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async create(
    actor: CurrentUser,
    { email, role, theme, maxUses, expiresInDays, notify }: CreateInviteDto,
  ): Promise<InviteWithCodeResponse> {
    assertMayGrant(actor, role);
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
    const invite = await this.invites.findByCode(code);
    if (invite?.status !== 'pending') return { valid: false };
    return { valid: true, role: invite.role, expiresAt: invite.expiresAt };
  }

  /** The invitation by which an address may register; undefined for a code that does not let it in. */
  async usable(code: string, email: string): Promise<Invite | undefined> {
    const invite = await this.invites.findByCode(code);
    const fits = invite?.status === 'pending' && (invite.email === null || invite.email === email);
    return fits ? invite : undefined;
  }

  /** The write that uses it once. @throws {StaleVersion} in its transaction, when somebody else was faster */
  use(invite: Invite): Write {
    return this.invites.use(invite);
  }

  private async handOut(invite: Invite, code: string, notify: boolean): Promise<InviteWithCodeResponse> {
    const url = `${this.config.appUrl}/register?inviteCode=${code}`;
    if (invite.email !== null && notify) {
      await this.mailer.send(invite.email, invitation(code, url, invite.expiresAt));
    }
    return { ...invite, code, url };
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
