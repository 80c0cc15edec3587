import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Key } from '../../dynamodb/item.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { CodeInvalid } from '../identity-errors.js';

export const CODE_MINUTES = 60;
const MAILS_PER_HOUR = 5;
const GUESSES_PER_CODE = 5;

export const CODE_PURPOSES = ['RESET', 'CONFIRM'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

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
  ) {}

  /**
   * A new code in place of the existing one, good for an hour. Undefined once five went out within the hour, or
   * while another is being made.
   */
  async make(sub: string, purpose: CodePurpose): Promise<string | undefined> {
    const code = randomInt(0, 1_000_000).toString().padStart(6, '0');
    const existing = await this.table.get(codeKey(sub, purpose), { consistent: true });
    const mails = (existing?.['mails'] as number | undefined) ?? 0;
    if (mails >= MAILS_PER_HOUR) return undefined;
    const codeMac = (await this.keys.sign(`code ${purpose}`, `${sub} ${code}`)).toString('hex');
    const ExpiresAt = this.clock.seconds() + CODE_MINUTES * 60;
    const row = { codeMac, guesses: 0, mails: mails + 1, ExpiresAt };
    const overtaken = () => new CodeInvalid();
    const key = codeKey(sub, purpose);
    try {
      if (existing) await this.table.update(key, row, overtaken, { where: { mails } });
      else await this.table.create(this.table.stamp({ ...key, EntityType: 'CODE', ...row }), overtaken);
      return code;
    } catch (error) {
      if (error instanceof CodeInvalid) return undefined;
      throw error;
    }
  }

  /**
   * Judges a code. A guess is counted before, so that parallel guesses cannot exceed the allowance.
   * @returns the write that uses it up, for a transaction with what it is good for
   * @throws {CodeInvalid} when it is wrong, or there is no guess left.
   */
  async judge(sub: string, purpose: CodePurpose, code: string): Promise<Write> {
    const key = codeKey(sub, purpose);
    const existing = await this.table.get(key, { consistent: true });
    const guesses = (existing?.['guesses'] as number | undefined) ?? GUESSES_PER_CODE;
    if (guesses >= GUESSES_PER_CODE) throw new CodeInvalid();
    const orElse = () => new CodeInvalid();
    const taken = await this.table.update(key, { guesses: guesses + 1 }, orElse, { where: { guesses } });
    const codeMac = taken['codeMac'] as string;
    const right = await this.keys.verify(`code ${purpose}`, `${sub} ${code}`, Buffer.from(codeMac, 'hex'));
    if (!right) throw new CodeInvalid();
    return { remove: key, where: { codeMac }, orElse };
  }

  async removeAll(sub: string): Promise<void> {
    await Promise.all(CODE_PURPOSES.map((purpose) => this.table.discard(codeKey(sub, purpose))));
  }
}
