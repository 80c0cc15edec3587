import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { coarseNetworkOf } from '../../platform/identity/coarse-network.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { SessionsRepository } from '../../platform/identity/sessions.repository.js';
import { networkOf } from '../../http/request/network.js';
import { AccountsService } from '../users/accounts.service.js';
import { EmailChangeNotices } from './email-change-notices.js';

const REMEMBERED = 10_000;

interface SeenSession {
  readonly sub: string;
  /** `origin_jti` of the tokens. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly startedAt: number;
}

/**
 * Sessions that began at the identity provider itself, as with Amplify, are noted when a token of theirs is first seen
 * in this process, so that they are listed and can be ended. A change of address at the pool is followed then.
 */
@Injectable()
export class SeenSessions {
  private readonly seen = new Set<string>();

  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly sessions: SessionsRepository,
    private readonly accounts: AccountsService,
    private readonly emailChanges: EmailChangeNotices,
  ) {}

  async noteSeen(
    { sub, id, startedAt }: SeenSession,
    request: Pick<Request, 'headers'> & { ip?: string },
  ): Promise<void> {
    if (!this.identity.tokens.sessionsBeginElsewhere || this.seen.has(id)) return;
    if (!(await this.sessions.find(sub, id))) {
      const userAgent = request.headers['user-agent'];
      const network = coarseNetworkOf(networkOf(request.ip));
      await this.sessions.noteExisting({ sub, id, startedAt, userAgent, network });
      await this.followAddress(sub);
    }
    if (this.seen.size >= REMEMBERED) this.seen.clear();
    this.seen.add(id);
  }

  private async followAddress(sub: string): Promise<void> {
    const [facts, subject] = await Promise.all([
      this.identity.directory.describe(sub),
      this.accounts.subject(sub),
    ]);
    if (facts?.emailVerified && subject) await this.emailChanges.follow(subject, facts.email);
  }
}
