import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { DailySalts } from '../../../platform/daily-salts.js';
import { type Counter, siteCounter, sumWith } from './counter.js';
import { CountersRepository } from './counters.repository.js';
import type { Uncounted, Visit } from './visit.js';

/** What became of a hit. */
export interface Hit {
  readonly count: number;
  readonly tracked: boolean;
  readonly reason?: Uncounted;
}

/** Counts somebody once a day, without knowing who it is. */
@Injectable()
export class HitsService {
  constructor(
    private readonly counters: CountersRepository,
    private readonly salts: DailySalts,
    private readonly clock: Clock,
  ) {}

  /**
   * Whoever says a session is told apart by that, others by address and user agent; both as a hash whose salt is deleted
   * after 48 hours.
   */
  async record(counter: Counter, visit: Visit, sessionId: string | undefined): Promise<Hit> {
    const date = this.today();
    const reason = await this.attempt(date, counter, visit, sessionId);
    const { sum, open } = await this.counters.read(date, counter, { consistent: reason === undefined });
    const count = sumWith(sum, open);
    return reason === undefined ? { count, tracked: true } : { count, tracked: false, reason };
  }

  async countOf(counter: Counter): Promise<number> {
    const { sum, open } = await this.counters.read(this.today(), counter);
    return sumWith(sum, open);
  }

  /** All of a counter, and today’s part of it. */
  async countWithToday(counter: Counter): Promise<{ count: number; today: number }> {
    const today = this.today();
    const { sum, open } = await this.counters.read(today, counter);
    const ofToday = open.filter(({ date }) => date === today);
    return { count: sumWith(sum, open), today: sumWith(undefined, ofToday) };
  }

  private async attempt(
    date: string,
    counter: Counter,
    { address, userAgent, excluded }: Visit,
    sessionId: string | undefined,
  ): Promise<Uncounted | undefined> {
    if (excluded === 'bot') await this.counters.count(date, siteCounter('BOTS'));
    if (excluded !== undefined) return excluded;
    const told = sessionId === undefined ? `address\0${address}\0${userAgent}` : `session\0${sessionId}`;
    const who = await this.salts.pseudonym('visit', told, date);
    return (await this.counters.countOnce(date, counter, who)) ? undefined : 'repeated';
  }

  private today(): string {
    return this.clock.now().toISOString().slice(0, 10);
  }
}
