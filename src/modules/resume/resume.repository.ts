import { Injectable } from '@nestjs/common';
import type { Change, Item } from '../../platform/dynamodb/item.js';
import { SingleItems } from '../../platform/dynamodb/single-items.js';
import { Table } from '../../platform/dynamodb/table.js';
import { RESUME_KEY, sectionsFrom } from './resume.item.js';

@Injectable()
export class ResumeRepository {
  constructor(
    private readonly table: Table,
    private readonly singles: SingleItems,
  ) {}

  find(): Promise<Item | undefined> {
    return this.table.get(RESUME_KEY);
  }

  save(sections: Change, versions: readonly number[] | undefined): Promise<Item | undefined> {
    return this.singles.save(RESUME_KEY, 'RESUME', sections, { shown: sectionsFrom, versions });
  }
}
