import { Injectable } from '@nestjs/common';
import type { Write } from '../../platform/dynamodb/table.js';

type Rows = (userId: string) => readonly Write[];

/** What a user begins with besides their profile: rows that other modules need for everybody. */
@Injectable()
export class UserBeginnings {
  private readonly rows: Rows[] = [];

  register(rows: Rows): void {
    this.rows.push(rows);
  }

  /** For the transaction that makes the profile. */
  of(userId: string): readonly Write[] {
    return this.rows.flatMap((rows) => rows(userId));
  }
}
