import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../../platform/clock.js';
import { DueItems, type DueRun } from '../../../platform/dynamodb/due-items.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import { JsonLogger } from '../../../platform/logger.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import { notices } from '../../../platform/mail/templates.js';
import { UsersService } from '../../users/users.service.js';
import { DevicesRepository } from '../devices.repository.js';
import type { Notification } from '../notification.js';
import { DELIVERIES_DUE, type Delivery, deliveryFrom } from '../notification.item.js';
import { NotificationsRepository } from '../notifications.repository.js';
import { PreferencesRepository } from '../preferences.repository.js';
import { UnsubscribeService } from '../unsubscribe.service.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { Push } from './push.js';

/** Longer than a worker may run. */
const CLAIM_MS = 10 * 60_000;
const MOST_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 5 * 60_000;
/** More than these in one mail nobody reads; the rest goes with the next. */
const MOST_PER_MAIL = 50;

/**
 * Sends what waits to be sent. A delivery is claimed before it is sent and removed after. Should this die in between, it
 * is sent again once the claim has run out: under the same name, by which the outbox and devices know it. Only SES does
 * not: there, a death within those milliseconds sends a mail twice.
 */
@Injectable()
export class DeliveriesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly due: DueItems,
    private readonly deliveries: DeliveriesRepository,
    private readonly notifications: NotificationsRepository,
    private readonly preferences: PreferencesRepository,
    private readonly devices: DevicesRepository,
    private readonly users: UsersService,
    private readonly unsubscribe: UnsubscribeService,
    private readonly mailer: Mailer,
    private readonly push: Push,
    private readonly logger: JsonLogger,
    private readonly clock: Clock,
  ) {}

  /** Safe to be run twice, or by several at once. @throws {WorkLeft} */
  run(): Promise<DueRun> {
    return this.due.each(DELIVERIES_DUE, (item) => this.deliver(deliveryFrom(item)));
  }

  private async deliver(delivery: Delivery): Promise<boolean> {
    const now = this.clock.now();
    const standing = delivery.gathered ? await this.deliveries.listGathered(delivery.userId) : [delivery];
    const free = standing.filter(({ claimedUntil }) => (claimedUntil ?? '') <= now.toISOString());
    const taken = free.slice(0, MOST_PER_MAIL);
    if (taken.length === 0) return false;
    const claim = randomUUID();
    try {
      await this.deliveries.claim(taken, claim, new Date(now.getTime() + CLAIM_MS));
    } catch (error) {
      // Somebody else is sending it.
      if (error instanceof StaleVersion) return false;
      throw error;
    }
    if (await this.send(taken)) await this.deliveries.settle(taken, claim);
    else await this.tryLater(taken, claim);
    return true;
  }

  /** @returns whether nothing is left to be done */
  private async send(deliveries: readonly Delivery[]): Promise<boolean> {
    const [first] = deliveries;
    if (!first) return true;
    const { userId, channel } = first;
    const [{ preferences }, found] = await Promise.all([
      this.preferences.find(userId),
      this.notifications.findMany(
        userId,
        deliveries.map(({ notificationId }) => notificationId),
      ),
    ]);
    // Whoever has read it in the app, or wants no such mails any more, needs none.
    const wanted = found.filter(({ kind, readAt }) => readAt === null && preferences.channels[kind][channel]);
    if (wanted.length === 0) return true;
    return channel === 'push' ? this.pushAll(userId, wanted) : this.mail(userId, wanted, first.gathered);
  }

  private async mail(userId: string, messages: readonly Notification[], gathered: boolean): Promise<boolean> {
    const address = await this.users.addressOf(userId);
    const [first] = messages;
    if (address === undefined || !first) return true;
    const link = await this.unsubscribe.linkFor(userId, gathered ? 'all' : first.kind);
    const shown = messages
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .map(({ title, body, link: path }) => ({
        title,
        body,
        url: path === null ? null : `${this.config.appUrl}${path}`,
      }));
    const outcome = await this.mailer.send(address, notices(shown, link), {
      id: nameOf(messages),
      headers: {
        'List-Unsubscribe': `<${link}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    return outcome !== 'failed';
  }

  private async pushAll(userId: string, messages: readonly Notification[]): Promise<boolean> {
    const devices = await this.devices.list(userId);
    const outcomes = await Promise.all(
      devices.flatMap((device) =>
        messages.map(async (message) => {
          const outcome = await this.push.send(device, message);
          if (outcome === 'gone') await this.devices.discard(device);
          return outcome;
        }),
      ),
    );
    return !outcomes.includes('failed');
  }

  private async tryLater(deliveries: readonly Delivery[], claim: string): Promise<void> {
    const attempts = Math.max(...deliveries.map((delivery) => delivery.attempts)) + 1;
    if (attempts >= MOST_ATTEMPTS) {
      this.logger.write('error', { message: 'A notification could not be delivered', attempts });
      await this.deliveries.settle(deliveries, claim);
      return;
    }
    const pause = FIRST_PAUSE_MS * 2 ** (attempts - 1);
    await this.deliveries.postpone(deliveries, claim, new Date(this.clock.now().getTime() + pause));
  }
}

/** The same for the same notifications. */
const nameOf = (messages: readonly Notification[]): string =>
  createHash('sha256')
    .update(
      messages
        .map(({ id }) => id)
        .sort()
        .join(),
    )
    .digest('hex')
    .slice(0, 32);
