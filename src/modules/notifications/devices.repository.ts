import { Injectable } from '@nestjs/common';
import { v5 as uuidv5 } from 'uuid';
import { failWith } from '../../http/errors/api-error.js';
import type { Item, Key, Range } from '../../platform/dynamodb/item.js';
import { Table } from '../../platform/dynamodb/table.js';
import { DEVICE_NOT_FOUND } from './notifications.errors.js';

/** A browser that somebody lets us push to (W3C Push API, PushSubscription). */
export interface Device {
  readonly id: string;
  readonly userId: string;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly createdAt: string;
}

const PREFIX = 'DEVICE#';

/** The same endpoint is the same device. */
const idOf = (endpoint: string): string => uuidv5(endpoint, uuidv5.URL);
const deviceKey = (userId: string, id: string): Key => ({ PK: `USER#${userId}`, SK: `${PREFIX}${id}` });
const devicesOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: PREFIX });
const notFound = failWith(DEVICE_NOT_FOUND);

const deviceFrom = (item: Item): Device => ({
  id: item.SK.slice(PREFIX.length),
  userId: item.PK.slice('USER#'.length),
  endpoint: item['endpoint'] as string,
  keys: item['keys'] as Device['keys'],
  createdAt: item.CreatedAt,
});

@Injectable()
export class DevicesRepository {
  constructor(private readonly table: Table) {}

  async list(userId: string): Promise<Device[]> {
    return (await this.table.all({ ranges: [devicesOf(userId)], order: 'ascending' })).map(deviceFrom);
  }

  /** Registered again, it has other keys. */
  async register(userId: string, { endpoint, keys }: Pick<Device, 'endpoint' | 'keys'>): Promise<Device> {
    const { p256dh, auth } = keys;
    const change = { EntityType: 'DEVICE', endpoint, keys: { p256dh, auth } };
    return deviceFrom(
      await this.table.update(deviceKey(userId, idOf(endpoint)), change, notFound, { upsert: true }),
    );
  }

  async remove(userId: string, endpoint: string): Promise<string> {
    const id = idOf(endpoint);
    await this.table.remove(deviceKey(userId, id), notFound);
    return id;
  }

  /** The push service says that it is gone. */
  async discard({ userId, id }: Device): Promise<void> {
    await this.table.discard(deviceKey(userId, id));
  }

  erase(userId: string): Promise<number> {
    return this.table.discardAll(devicesOf(userId));
  }
}
