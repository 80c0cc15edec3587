import { randomUUID } from 'node:crypto';
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
import { type Notification, type NotificationPreferences, outsideQuietHours } from '../notification.js';
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
/** Where SES takes no more for now: a wait, and no failed attempt, however often. */
const LIMITED_MS = 60 * 60_000;
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
    const taken = (await this.togetherWith(delivery)).slice(0, MOST_PER_MAIL);
    if (taken.length === 0) return false;
    const claim = randomUUID();
    const mailId = delivery.mailId ?? randomUUID();
    try {
      await this.deliveries.claim(taken, claim, { mailId, until: new Date(now.getTime() + CLAIM_MS) });
      await this.sendClaimed(taken, claim, mailId);
      return true;
    } catch (error) {
      // Somebody else is sending it, or has.
      if (error instanceof StaleVersion) return false;
      throw error;
    }
  }

  /** What goes out with a delivery and is claimed by nobody: those of its digest, or of the mail that it began with. */
  private async togetherWith(delivery: Delivery): Promise<readonly Delivery[]> {
    const now = this.clock.now().toISOString();
    const all = delivery.gathered ? await this.deliveries.listGathered(delivery.userId) : [delivery];
    return all.filter(
      ({ claimedUntil, mailId }) => (claimedUntil ?? '') <= now && mailId === delivery.mailId,
    );
  }

  private async sendClaimed(taken: readonly Delivery[], claim: string, mailId: string): Promise<void> {
    const [first] = taken;
    if (!first) return;
    const { userId, channel } = first;
    const [{ preferences }, address, timezone] = await Promise.all([
      this.preferences.find(userId, { consistent: true }),
      this.users.addressOf(userId, { consistent: true }),
      this.users.timezoneOf(userId),
    ]);
    const now = this.clock.now();
    const allowedAt = outsideQuietHours(preferences, now, timezone);
    if (allowedAt > now) return this.deliveries.postpone(taken, claim, allowedAt);
    const wanted = address === undefined ? [] : await this.wantedOf(first, taken, preferences);
    const [message] = wanted;
    if (address === undefined || !message) return this.deliveries.settle(taken, claim);
    if (channel === 'push') return this.pushAll(first, claim, message);
    const outcome = await this.mail({ userId, address, mailId, gathered: first.gathered }, wanted);
    if (outcome === 'limited')
      return this.deliveries.postpone(taken, claim, new Date(this.clock.now().getTime() + LIMITED_MS));
    return outcome === 'failed' ? this.tryLater(taken, claim) : this.deliveries.settle(taken, claim);
  }

  /** Whoever has read it in the app, or put it off there, or wants no such mails any more, needs none. */
  private async wantedOf(
    { userId, channel }: Delivery,
    taken: readonly Delivery[],
    { channels }: NotificationPreferences,
  ): Promise<readonly Notification[]> {
    const ids = taken.map(({ notificationId }) => notificationId);
    const found = await this.notifications.findMany(userId, ids);
    return found
      .filter(
        ({ kind, readAt, snoozedUntil }) =>
          readAt === null && snoozedUntil === null && channels[kind][channel],
      )
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  private async mail(
    {
      userId,
      address,
      mailId,
      gathered,
    }: { userId: string; address: string; mailId: string; gathered: boolean },
    messages: readonly Notification[],
  ) {
    const link = await this.unsubscribe.linkFor(userId, gathered ? 'all' : (messages[0]?.kind ?? 'all'));
    const shown = messages.map(({ title, body, link: path }) => ({
      title,
      body,
      url: path === null || !this.config.hasFrontEnd ? null : `${this.config.appUrl}${path}`,
    }));
    return this.mailer.send(address, notices(shown, link), {
      id: mailId,
      headers: {
        'List-Unsubscribe': `<${link}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
  }

  /** To each device that has not had it yet. */
  private async pushAll(delivery: Delivery, claim: string, message: Notification): Promise<void> {
    const devices = await this.devices.list(delivery.userId);
    const waiting = devices.filter(({ id }) => !delivery.served.includes(id));
    const served = [...delivery.served];
    let failed = false;
    await Promise.all(
      waiting.map(async (device) => {
        const outcome = await this.push.send(device, message);
        if (outcome === 'gone') await this.devices.discard(device);
        if (outcome === 'failed') failed = true;
        else served.push(device.id);
      }),
    );
    if (failed) await this.tryLater([delivery], claim, served);
    else await this.deliveries.settle([delivery], claim);
  }

  private async tryLater(deliveries: readonly Delivery[], claim: string, served: readonly string[] = []) {
    const attempts = Math.max(...deliveries.map((delivery) => delivery.attempts)) + 1;
    if (attempts >= MOST_ATTEMPTS) {
      this.logger.write('error', { message: 'A notification could not be delivered', attempts });
      await this.deliveries.settle(deliveries, claim);
      return;
    }
    const until = new Date(this.clock.now().getTime() + FIRST_PAUSE_MS * 2 ** (attempts - 1));
    await this.deliveries.postpone(deliveries, claim, until, { attempts, served });
  }
}
