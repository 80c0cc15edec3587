import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN, VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { ErasureAftercare } from '../../platform/account-data/erasure-aftercare.js';
import { Clock } from '../../platform/clock.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { IdSource } from '../../platform/ids.js';
import { JsonLogger } from '../../platform/logger.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { requestContext } from '../../platform/request-context.js';
import { AccountsService } from '../users/accounts.service.js';
import { UserAdministrationService } from '../users/user-administration.service.js';
import { ERASE_PHRASE, type EraseDto } from './dto/privacy.dto.js';
import { type ErasureJob, ErasuresRepository, type Receipt, requestedAtOf } from './erasures.repository.js';

/**
 * Another process may take a closed account's tokens for as long as it remembers its state (60 s), and write for it; an
 * address to upload to that it signs then is good for another 300 s. Only a pass that begins after that is the last.
 */
const QUIET_SECONDS = 390;
/** The request that closed an account has ended by then, and its work with it. */
const LEFT_ALONE_SECONDS = 30;
/** Left of a request's time to give the answer in. */
const ANSWER_MS = 1500;
const JOBS_AT_ONCE = 25;

/** Closes accounts at once, and erases what is theirs: now as far as time allows, by the sweeper to the end. */
@Injectable()
export class ErasureService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly administration: UserAdministrationService,
    private readonly registry: AccountDataRegistry,
    private readonly erasures: ErasuresRepository,
    private readonly aftercare: ErasureAftercare,
    private readonly mailer: Mailer,
    private readonly ids: IdSource,
    private readonly logger: JsonLogger,
    private readonly clock: Clock,
  ) {}

  async begin(user: CurrentUser, body: EraseDto, origin: Origin): Promise<Receipt> {
    await this.assertMeant(user, body, origin);
    return this.close(user.id);
  }

  /** Erases somebody else, as an administrator who may. @throws {ApiError} USER_NOT_FOUND, AUTH_FORBIDDEN, LAST_OWNER */
  async beginFor(actor: CurrentUser, userId: string): Promise<Receipt> {
    // Oneself only with the password.
    if (actor.id === userId) throw new ApiError(AUTH_FORBIDDEN);
    await this.administration.assertMayAdminister(actor, userId);
    return this.close(userId);
  }

  receipt(receiptId: string): Promise<Receipt> {
    return this.erasures.receipt(receiptId);
  }

  /** Goes on with what is under way. Safe to be run twice, or at once. @returns how many erasures came to their end */
  async sweep(): Promise<number> {
    let finished = 0;
    let after: string | undefined;
    do {
      const { items, next } = await this.erasures.listOpen({ limit: JOBS_AT_ONCE, after });
      for (const job of items) if (await this.goOn(job)) finished += 1;
      after = next ?? undefined;
    } while (after !== undefined);
    return finished;
  }

  private async close(userId: string): Promise<Receipt> {
    const receiptId = this.ids.next();
    const job = await this.accounts.close(userId, (account) => {
      const opened: ErasureJob = { receiptId, account, closedAt: this.clock.seconds() };
      return { writes: [this.erasures.opening(opened)], result: opened };
    });
    // From here on the caller cannot ask again: whatever fails, they get their receipt.
    const deletedCounts: Record<string, number> = {};
    try {
      await this.identity.directory.setEnabled(userId, false);
      await this.erase(job, deletedCounts);
    } catch (error) {
      this.logger.write('warn', {
        message: 'Erasure goes on later',
        receiptId,
        cause: (error as Error).name,
      });
    }
    this.aftercare.begin();
    const requestedAt = requestedAtOf(job);
    return { receiptId, status: 'running', deletedCounts, requestedAt, finishedAt: null };
  }

  private async goOn(job: ErasureJob): Promise<boolean> {
    const age = this.clock.seconds() - job.closedAt;
    if (age < LEFT_ALONE_SECONDS) return false;
    try {
      await this.erase(job);
      if (age < QUIET_SECONDS) return false;
      await this.erasures.finish(job.receiptId);
      this.aftercare.begin();
      return true;
    } catch (error) {
      const { name, message } = error as Error;
      this.logger.write('error', {
        message: 'Erasure failed',
        receiptId: job.receiptId,
        cause: name,
        reason: message,
      });
      return false;
    }
  }

  /**
   * The account at the provider first, so that nobody can sign in or come back by a token; the profile last, which
   * the modules may still need. Every step may be repeated.
   */
  private async erase(
    { receiptId, account }: ErasureJob,
    counts: Record<string, number> = {},
  ): Promise<void> {
    const count = async (entity: string, removed: number) => {
      if (removed > 0) counts[entity] = removed;
      await this.erasures.count(receiptId, entity, removed);
    };
    await this.mailer.forget(account.email);
    await count('account', await this.identity.directory.remove(account.userId));
    for (const data of (await this.registry.list()).toSorted(profileLast)) {
      if (requestContext.remainingMs() < ANSWER_MS) throw new ServiceUnavailable(new Error('Out of time'));
      await count(data.entity, await data.erase(account));
    }
  }

  private async assertMeant(
    { id, accessToken }: CurrentUser,
    { password, confirm }: EraseDto,
    { address }: Origin,
  ): Promise<void> {
    const { passwords } = this.identity;
    if (!passwords.checkable) {
      if (confirm !== ERASE_PHRASE) throw missing('confirm', `must be "${ERASE_PHRASE}"`);
      return;
    }
    if (password === undefined) throw missing('password', 'must be given');
    await passwords.assertRight({ sub: id, accessToken, address }, password);
  }
}

const profileLast = (one: { entity: string }, other: { entity: string }) =>
  Number(one.entity === 'profile') - Number(other.entity === 'profile');

const missing = (field: string, message: string) =>
  new ApiError(VALIDATION_ERROR, { details: [{ field, code: 'required', message: `${field} ${message}` }] });
