import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { Key } from '../dynamodb/item.js';
import { Table, type Write } from '../dynamodb/table.js';
import { CodeInvalid } from './identity-errors.js';

/** Seconds that an unconfirmed registration holds its address and its username. */
export const REGISTRATION_LIFE_SECONDS = 72 * 3600;

const registrationKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'REGISTRATION' });

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/**
 * Registrations whose address is not confirmed yet. A registration answers with a token, and only a hash of it is kept:
 * a code from a mail confirms the registration that it was sent for, and only for whoever registered.
 */
@Injectable()
export class RegistrationsRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** When a registration of now expires, in seconds since the epoch. */
  expiry(): number {
    return this.clock.seconds() + REGISTRATION_LIFE_SECONDS;
  }

  /** @param ExpiresAt undefined where the account can be used before its address is confirmed */
  creation(sub: string, token: string, ExpiresAt: number | undefined): Write {
    const item = { ...registrationKey(sub), EntityType: 'REGISTRATION', tokenHash: hashOf(token), ExpiresAt };
    return { put: this.table.stamp(item), orElse: () => new Error('An id was drawn twice') };
  }

  async exists(sub: string): Promise<boolean> {
    return (await this.table.get(registrationKey(sub), { consistent: true })) !== undefined;
  }

  async isRegistrant(sub: string, token: string): Promise<boolean> {
    const registration = await this.table.get(registrationKey(sub), { consistent: true });
    return registration?.['tokenHash'] === hashOf(token);
  }

  /** Ends a registration, for the transaction that confirms it. */
  confirmation(sub: string, token: string): Write {
    const where = { tokenHash: hashOf(token) };
    return { remove: registrationKey(sub), where, orElse: () => new CodeInvalid() };
  }

  async remove(sub: string): Promise<void> {
    await this.table.discard(registrationKey(sub));
  }
}
