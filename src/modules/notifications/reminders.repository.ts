import { Injectable } from '@nestjs/common';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import { placeIn } from '../../platform/dynamodb/due-items.js';
import type { Item } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { REMINDERS_DUE, reminderKey } from './notification.item.js';

/** When somebody is reminded next, and up to which of their days they were. */
export interface Reminder {
  readonly userId: string;
  readonly nextAt: string;
  readonly coveredThrough: string;
}

export const reminderFrom = (item: Item): Reminder => ({
  userId: item.PK.slice('USER#'.length),
  nextAt: item['nextAt'] as string,
  coveredThrough: item['coveredThrough'] as string,
});

const waiting = (userId: string, nextAt: Date) => ({
  nextAt: nextAt.toISOString(),
  ...placeIn(REMINDERS_DUE, userId, nextAt, userId),
});

@Injectable()
export class RemindersRepository {
  constructor(private readonly table: Table) {}

  /** The row of somebody who is to be reminded from now on. */
  beginning(userId: string, nextAt: Date, coveredThrough: string): Write {
    const row = {
      ...reminderKey(userId),
      EntityType: 'REMINDER',
      ...waiting(userId, nextAt),
      coveredThrough,
    };
    return { put: this.table.stamp(row), orElse: () => new StaleVersion() };
  }

  async find(userId: string): Promise<Reminder | undefined> {
    const item = await this.table.get(reminderKey(userId), { consistent: true });
    return item && reminderFrom(item);
  }

  /** @throws {StaleVersion} from the write, when somebody else has moved it */
  rolling({ userId, nextAt }: Reminder, next: Date, coveredThrough?: string): Write {
    return {
      update: reminderKey(userId),
      change: { ...waiting(userId, next), coveredThrough },
      where: { nextAt },
      silent: true,
      orElse: () => new StaleVersion(),
    };
  }

  async commit(writes: readonly Write[]): Promise<void> {
    await this.table.commit(writes);
  }

  async erase(userId: string): Promise<number> {
    const standing = await this.find(userId);
    await this.table.discard(reminderKey(userId));
    return standing ? 1 : 0;
  }
}
