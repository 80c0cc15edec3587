import { Injectable } from '@nestjs/common';
import type { Change, Item, Key } from '../../../platform/dynamodb/item.js';
import { SingleItems } from '../../../platform/dynamodb/single-items.js';
import { Table } from '../../../platform/dynamodb/table.js';

const KEY: Key = { PK: 'PORTFOLIO', SK: 'SETTINGS' };

@Injectable()
export class SettingsRepository {
  constructor(
    private readonly table: Table,
    private readonly singles: SingleItems,
  ) {}

  find(): Promise<Item | undefined> {
    return this.table.get(KEY);
  }

  /** @param shown what settings show, defaults included */
  save(
    change: Change,
    shown: (item: Item | undefined) => object,
    versions: readonly number[] | undefined,
  ): Promise<Item | undefined> {
    return this.singles.save(KEY, 'SETTINGS', change, { shown, versions });
  }
}
