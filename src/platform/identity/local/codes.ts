import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { neverRefused } from '../../dynamodb/faults.js';
import type { Key } from '../../dynamodb/item.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { CodeInvalid } from '../identity-errors.js';
import { AttemptCounts } from '../attempt-counts.js';

export const CODE_MINUTES = 60;
const GUESSES_PER_CODE = 5;
const DAY_SECONDS = 24 * 3600;
/** Of all codes for one address: among a million, wrong ones find a right one once in 27 years. */
const GUESSES_PER_DAY = 100;

export const CODE_PURPOSES = ['RESET', 'CONFIRM', 'EMAIL'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/** What a code is asked for. */
export interface CodeUse {
  readonly sub: string;
  /** That the code was mailed to. */
  readonly email: string;
  readonly purpose: CodePurpose;
  /** What the code is good for, such as a new address: with anything else it is wrong. */
  readonly bound?: string;
}

const codeKey = (sub: string, purpose: CodePurpose): Key => ({
  PK: `USER#${sub}`,
  SK: `CODE#${purpose}`,
});

/** Six digits that somebody proves with that they read the mail of an address. Only a keyed hash of them is kept. */
@Injectable()
export class Codes {
  constructor(
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
    private readonly counts: AttemptCounts,
  ) {}

  /** A new code in place of the one before, good for an hour. */
  async make({ sub, purpose, bound = '' }: Omit<CodeUse, 'email'>): Promise<string> {
    const code = randomInt(0, 1_000_000).toString().padStart(6, '0');
    const codeMac = (await this.keys.sign(`code ${purpose}`, `${sub} ${bound} ${code}`)).toString('hex');
    const ExpiresAt = this.clock.seconds() + CODE_MINUTES * 60;
    const change = { EntityType: 'CODE', codeMac, guesses: 0, ExpiresAt };
    await this.table.update(codeKey(sub, purpose), change, neverRefused, { upsert: true });
    return code;
  }

  /**
   * Judges a code. A guess is counted before, so that parallel guesses cannot exceed the allowance.
   * @returns the write that uses it up, for a transaction with what it is good for
   * @throws {CodeInvalid} when it is wrong, or there is no guess left.
   */
  async judge({ sub, email, purpose, bound = '' }: CodeUse, code: string): Promise<Write> {
    const key = codeKey(sub, purpose);
    const existing = await this.table.get(key, { consistent: true });
    const guesses = (existing?.['guesses'] as number | undefined) ?? GUESSES_PER_CODE;
    if (guesses >= GUESSES_PER_CODE) throw new CodeInvalid();
    const limit = {
      kind: `code-${purpose}`,
      value: email,
      limit: GUESSES_PER_DAY,
      windowSeconds: DAY_SECONDS,
    };
    const counted = await this.counts.count(limit);
    if (!counted.allowed) throw new CodeInvalid();
    const orElse = () => new CodeInvalid();
    const taken = await this.table.update(key, { guesses: guesses + 1 }, orElse, { where: { guesses } });
    const codeMac = taken['codeMac'] as string;
    const message = `${sub} ${bound} ${code}`;
    const right = await this.keys.verify(`code ${purpose}`, message, Buffer.from(codeMac, 'hex'));
    if (!right) throw new CodeInvalid();
    await counted.takeBack();
    return { remove: key, where: { codeMac }, orElse };
  }

  async removeAll(sub: string): Promise<void> {
    await Promise.all(CODE_PURPOSES.map((purpose) => this.table.discard(codeKey(sub, purpose))));
  }
}
