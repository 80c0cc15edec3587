import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';
import type { Write } from '../../platform/dynamodb/table.js';

export type RowsOfUser = (userId: string) => readonly Write[];

/** What a user begins with besides their profile: rows that other modules need for everybody. */
@Injectable()
export class UserBeginnings extends Contributions<RowsOfUser> {
  register(name: string, rows: RowsOfUser): void {
    this.add(name, rows);
  }

  /** For the transaction that makes the profile. */
  async rows(): Promise<RowsOfUser> {
    const all = await this.all();
    return (userId) => all.flatMap((rows) => rows(userId));
  }
}
