import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { deliveriesOf, type Delivery, deliveryFrom, deliveryPlace } from '../notification.item.js';

const stale = () => new StaleVersion();

@Injectable()
export class DeliveriesRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** What of a user waits for a digest whose time has come. */
  async listGathered(userId: string): Promise<Delivery[]> {
    const now = this.clock.now().toISOString();
    const rows = await this.table.all({ ranges: [deliveriesOf(userId)], order: 'ascending' });
    return rows.map(deliveryFrom).filter(({ gathered, notBefore }) => gathered && notBefore <= now);
  }

  /** Keeps others from sending the same, under one name. @throws {StaleVersion} when somebody else does, or has */
  async claim(
    deliveries: readonly Delivery[],
    claim: string,
    { mailId, until }: { readonly mailId: string; readonly until: Date },
  ): Promise<void> {
    const change = { claim, mailId, claimedUntil: until.toISOString() };
    await this.table.commit(
      deliveries.map((delivery): Write => {
        const where = { claim: delivery.claim };
        return { update: delivery, change, where, silent: true, orElse: stale };
      }),
    );
  }

  /** Sent, or not wanted any more. */
  async settle(deliveries: readonly Delivery[], claim: string): Promise<void> {
    await this.table.commit(
      deliveries.map((delivery): Write => ({ remove: delivery, where: { claim }, orElse: stale })),
    );
  }

  /** To be tried later. @param change what is known of them by then */
  async postpone(
    deliveries: readonly Delivery[],
    claim: string,
    until: Date,
    change: Pick<Partial<Delivery>, 'attempts' | 'served'> = {},
  ): Promise<void> {
    await this.table.commit(
      deliveries.map((delivery): Write => {
        const { userId, notificationId, channel } = delivery;
        const place = deliveryPlace(userId, notificationId, channel, until);
        const freed = { ...place, ...change, claim: null, claimedUntil: null };
        return { update: delivery, change: freed, where: { claim }, silent: true, orElse: stale };
      }),
    );
  }
}
