import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';
import type { Item, Key } from './dynamodb/item.js';
import { Table } from './dynamodb/table.js';
import { daysAfter, secondsOf } from './local-time.js';

const KEPT_DAYS = 2;

const keyOf = (date: string): Key => ({ PK: 'SALT', SK: date });

/** Somebody was faster to make the salt of a day. */
class SaltStands extends Error {
  constructor(readonly item: Item | undefined) {
    super('The salt of this day stands');
  }
}

/**
 * A random salt for each day (UTC), under which addresses are hashed so that they can be told apart that day and never
 * again: once the salt is deleted, nobody can try addresses against what was stored.
 */
@Injectable()
export class DailySalts {
  private known: { readonly date: string; readonly salt: Buffer } | undefined;

  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** HMAC-SHA-256 under the salt of a day, its first 16 bytes in hex. `purpose` keeps uses apart. */
  async pseudonym(purpose: string, value: string, date = this.clock.today()): Promise<string> {
    const salt = await this.saltOf(date);
    return createHmac('sha256', salt).update(`${purpose}\0${value}`).digest('hex').slice(0, 32);
  }

  /** Deletes the salts of days that began 48 hours ago or earlier, and says how many. */
  discardOld(): Promise<number> {
    return this.table.discardAll({ partition: 'SALT', to: daysAfter(this.clock.today(), -KEPT_DAYS) });
  }

  private async saltOf(date: string): Promise<Buffer> {
    if (this.known?.date === date) return this.known.salt;
    const item = (await this.table.get(keyOf(date), { consistent: true })) ?? (await this.make(date));
    const salt = Buffer.from(item['salt'] as string, 'base64');
    this.known = { date, salt };
    return salt;
  }

  private async make(date: string): Promise<Item> {
    const item = this.table.stamp({
      ...keyOf(date),
      EntityType: 'SALT',
      salt: randomBytes(32).toString('base64'),
      ExpiresAt: secondsOf(daysAfter(date, KEPT_DAYS)),
    });
    try {
      return await this.table.create(item, (standing) => new SaltStands(standing));
    } catch (error) {
      if (error instanceof SaltStands && error.item) return error.item;
      throw error;
    }
  }
}
