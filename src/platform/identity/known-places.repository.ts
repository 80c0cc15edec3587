import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { neverRefused } from '../dynamodb/faults.js';
import type { Key, Range } from '../dynamodb/item.js';
import { Table } from '../dynamodb/table.js';
import { ApplicationKeys } from '../secrets/application-keys.js';

const LIFE_SECONDS = 90 * 24 * 3600;
const REFRESH_SECONDS = 24 * 3600;

/** Where a sign-in came from. */
export interface Place {
  /** The network, as `networkOf` gives it. */
  readonly address: string;
  readonly userAgent?: string | undefined;
}

const PREFIX = 'PLACE#';
const rangeOf = (sub: string): Range => ({ partition: `USER#${sub}`, prefix: PREFIX });

/**
 * The networks and devices from which somebody has signed in within 90 days, as keyed hashes. Failures of strangers do
 * not slow down a known network, and a sign-in from a new one is told by mail.
 */
@Injectable()
export class KnownPlacesRepository {
  constructor(
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  /** The rows that a network can have, for a read together with others. */
  networkKeys(sub: string, address: string): Promise<readonly Key[]> {
    return this.keysOf(sub, 'network', address);
  }

  async isKnownNetwork(sub: string, address: string): Promise<boolean> {
    const rows = await this.table.getMany(await this.networkKeys(sub, address), { consistent: true });
    return rows.length > 0;
  }

  /** Remembers a place. @returns `new` for a network or a device that was not known, unless nothing was known at all */
  async remember(sub: string, { address, userAgent = '' }: Place): Promise<'first' | 'new' | 'known'> {
    // Versions change by themselves: what is left of it names the program and the system.
    const device = userAgent.replaceAll(/[\d.]+/g, '');
    const [networks, devices] = await Promise.all([
      this.networkKeys(sub, address),
      this.keysOf(sub, 'device', device),
    ]);
    const rows = await this.table.getMany([...networks, ...devices], { consistent: true });
    const isFirst = rows.length === 0 && (await this.isEmpty(sub));
    const isKnown = [networks, devices].every((keys) =>
      rows.some(({ SK }) => keys.some((key) => key.SK === SK)),
    );
    for (const [current] of [networks, devices]) {
      const row = rows.find(({ SK }) => SK === current?.SK);
      if (current) await this.refresh(current, row?.ExpiresAt ?? 0);
    }
    if (isFirst) return 'first';
    return isKnown ? 'known' : 'new';
  }

  removeAll(sub: string): Promise<number> {
    return this.table.discardAll(rangeOf(sub));
  }

  private async isEmpty(sub: string): Promise<boolean> {
    const listing = { ranges: [rangeOf(sub)], order: 'ascending', consistent: true } as const;
    return (await this.table.all(listing, 1)).length === 0;
  }

  private async refresh(key: Key, knownUntil: number): Promise<void> {
    const ExpiresAt = this.clock.seconds() + LIFE_SECONDS;
    if (knownUntil >= ExpiresAt - REFRESH_SECONDS) return;
    await this.table.update(key, { EntityType: 'PLACE', ExpiresAt }, neverRefused, {
      upsert: true,
      silent: true,
    });
  }

  /** One for each key that counts, that of the key which signs now first: keys rotate, and a place stays known. */
  private async keysOf(sub: string, kind: 'network' | 'device', value: string): Promise<readonly Key[]> {
    const pseudonyms = await this.keys.pseudonyms(`known ${kind}`, `${sub} ${value}`);
    return pseudonyms.map((pseudonym) => ({ PK: `USER#${sub}`, SK: `${PREFIX}${kind}#${pseudonym}` }));
  }
}
