import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../platform/dynamodb/item.js';
import { Table } from '../../platform/dynamodb/table.js';
import { Storage } from '../../platform/storage/storage.js';

const META: Key = { PK: 'META', SK: 'META' };
const OBJECT = 'deployment.json';

/** What the two marks say of each other. */
export type Marks = 'same' | 'different' | 'none' | 'unfinished';

/**
 * Table and bucket of one deployment carry the same mark: a row and an object with one UUID. Objects are swept only against
 * the table that they belong to; against another one, each of them would look like nobody's.
 */
@Injectable()
export class DeploymentMarks {
  constructor(
    private readonly table: Table,
    private readonly storage: Storage,
  ) {}

  async compare(): Promise<Marks> {
    const [row, object] = await Promise.all([this.row(), this.objectsMark()]);
    if (row === undefined && object === undefined) return 'none';
    if (row !== undefined && object === undefined && row['unfinished'] === true) return 'unfinished';
    return row?.['deployment'] === object ? 'same' : 'different';
  }

  /**
   * Marks both, once somebody has seen that they belong together. Of several at once the first one's mark counts; one that
   * dies half-way leaves a row that says so.
   */
  async write(): Promise<void> {
    const row = (await this.row()) ?? (await this.createRow());
    const deployment = String(row['deployment']);
    const headers = { contentType: 'application/json', cacheControl: 'no-store' };
    await this.storage.put(OBJECT, Buffer.from(JSON.stringify({ deployment })), headers);
    await this.table.update(META, { unfinished: null }, () => new Error('The row of the deployment is gone'));
  }

  private async createRow(): Promise<Item> {
    const row = { ...META, EntityType: 'META', deployment: randomUUID(), unfinished: true };
    try {
      return await this.table.create(this.table.stamp(row), (existing) => new AlreadyMarked(existing));
    } catch (error) {
      if (error instanceof AlreadyMarked && error.row) return error.row;
      throw error;
    }
  }

  private row(): Promise<Item | undefined> {
    return this.table.get(META, { consistent: true });
  }

  private async objectsMark(): Promise<string | undefined> {
    const head = await this.storage.head(OBJECT);
    if (!head) return undefined;
    const text = (await this.storage.get(OBJECT, head.etag)).toString();
    return (JSON.parse(text) as { deployment: string }).deployment;
  }
}

class AlreadyMarked extends Error {
  constructor(readonly row: Item | undefined) {
    super('Another process has marked the table');
  }
}
