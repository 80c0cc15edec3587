import { Injectable } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import { StaleVersion, untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Item, Key, Range } from '../../platform/dynamodb/item.js';
import { counting, type ItemLimit, LimitedItems } from '../../platform/dynamodb/limited-items.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { DEVICE_LIMIT, DEVICE_NOT_FOUND } from './notifications.errors.js';

/** A browser that somebody lets us push to (W3C Push API, PushSubscription). */
export interface Device {
  readonly id: string;
  readonly userId: string;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly createdAt: string;
}

export const DEVICES_PER_USER = 20;
const PREFIX = 'DEVICE#';

/** The same endpoint is the same device. */
const idOf = (endpoint: string): string => uuidv5(endpoint, uuidv5.URL);
const deviceKey = (userId: string, id: string): Key => ({ PK: `USER#${userId}`, SK: `${PREFIX}${id}` });
/** Whose a device is. */
const lockKey = (id: string): Key => ({ PK: `DEVICE#${id}`, SK: 'LOCK' });
const devicesOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: PREFIX });
const countKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'COUNT#DEVICE' });
const notFound = failWith(DEVICE_NOT_FOUND);
const stale = () => new StaleVersion();

const deviceFrom = (item: Item): Device => ({
  id: item.SK.slice(PREFIX.length),
  userId: item.PK.slice('USER#'.length),
  endpoint: item['endpoint'] as string,
  keys: item['keys'] as Device['keys'],
  createdAt: item.CreatedAt,
});

/** A device that was registered by somebody else meanwhile, or is gone. */
const ignoreGone = (error: Error): void => {
  if (!(error instanceof ApiError)) throw error;
};

@Injectable()
export class DevicesRepository {
  constructor(
    private readonly table: Table,
    private readonly limited: LimitedItems,
  ) {}

  async list(userId: string): Promise<Device[]> {
    const listing = { ranges: [devicesOf(userId)], order: 'ascending', consistent: true } as const;
    return (await this.table.all(listing)).map(deviceFrom);
  }

  /**
   * Registered again, it has other keys; by somebody else, it is theirs alone: who sits before a browser now must not
   * read what is meant for who sat there before.
   * @throws {ApiError} DEVICE_LIMIT
   */
  register(userId: string, { endpoint, keys }: Pick<Device, 'endpoint' | 'keys'>): Promise<Device> {
    const id = idOf(endpoint);
    const { p256dh, auth } = keys;
    const change = { EntityType: 'DEVICE', endpoint, keys: { p256dh, auth } };
    return untilCurrent(async () => {
      const device: Write = { update: deviceKey(userId, id), change, upsert: true, orElse: stale };
      const known = await this.table.get(deviceKey(userId, id), { consistent: true });
      const more = known ? [] : [counting(this.limitOf(userId))];
      await this.limited.commit([device, ...(await this.owning(userId, id)), ...more]);
      const standing = await this.table.get(deviceKey(userId, id), { consistent: true });
      if (!standing) throw new StaleVersion();
      return deviceFrom(standing);
    });
  }

  async remove(userId: string, endpoint: string): Promise<string> {
    const id = idOf(endpoint);
    await this.end(userId, id);
    return id;
  }

  /** The push service says that it is gone. */
  async discard({ userId, id }: Pick<Device, 'userId' | 'id'>): Promise<void> {
    await this.end(userId, id).catch(ignoreGone);
  }

  async erase(userId: string): Promise<number> {
    const devices = await this.list(userId);
    for (const device of devices) await this.discard(device);
    await this.table.discard(countKey(userId));
    return devices.length + (await this.table.discardAll(devicesOf(userId)));
  }

  private limitOf(userId: string): ItemLimit {
    return {
      key: countKey(userId),
      most: DEVICES_PER_USER,
      count: () => this.table.count(devicesOf(userId)),
      error: failWith(DEVICE_LIMIT),
    };
  }

  /** Makes a device somebody's, and takes it from whose it was. */
  private async owning(userId: string, id: string): Promise<readonly Write[]> {
    const lock = await this.table.get(lockKey(id), { consistent: true });
    const owner = lock?.['userId'] as string | undefined;
    if (lock === undefined || owner === undefined) {
      const put = this.table.stamp({ ...lockKey(id), EntityType: 'DEVICE_LOCK', userId });
      return [{ put, orElse: stale }];
    }
    if (owner === userId) return [{ check: lockKey(id), where: { userId }, orElse: stale }];
    const before = await this.table.get(deviceKey(owner, id), { consistent: true });
    return [
      { replace: this.table.restamp(lock, { userId }), orElse: stale },
      ...(before ? [{ remove: deviceKey(owner, id), orElse: stale }] : []),
    ];
  }

  private async end(userId: string, id: string): Promise<void> {
    await this.table.transact([
      { remove: deviceKey(userId, id), orElse: notFound },
      { remove: lockKey(id), where: { userId }, orElse: notFound },
    ]);
  }
}
