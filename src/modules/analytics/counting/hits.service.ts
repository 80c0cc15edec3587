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
   * @param date the day that it belongs to
   */
  async record(
    date: string,
    counter: Counter,
    visit: Visit,
    sessionId: string | null | undefined,
  ): Promise<Hit> {
    const reason = await this.attempt(date, counter, visit, sessionId);
    const { sum, open } = await this.counters.read(date, counter, { consistent: reason === undefined });
    const count = sumWith(sum, open);
    return reason === undefined ? { count, tracked: true } : { count, tracked: false, reason };
  }

  async countOf(counter: Counter): Promise<number> {
    const { sum, open } = await this.counters.read(this.clock.today(), counter);
    return sumWith(sum, open);
  }

  /** All of a counter, and today’s part of it. */
  async countWithToday(counter: Counter): Promise<{ count: number; today: number }> {
    const today = this.clock.today();
    const { sum, open } = await this.counters.read(today, counter);
    const ofToday = open.filter(({ date }) => date === today);
    return { count: sumWith(sum, open), today: sumWith(undefined, ofToday) };
  }

  private async attempt(
    date: string,
    counter: Counter,
    { address, userAgent, excluded }: Visit,
    sessionId: string | null | undefined,
  ): Promise<Uncounted | undefined> {
    if (excluded === 'bot') await this.counters.count(date, siteCounter('BOTS'));
    if (excluded !== undefined) return excluded;
    const told = sessionId ? `session\0${sessionId}` : `address\0${address}\0${userAgent}`;
    // Of each counter another one, so that nothing tells what else the same visitor looked at.
    const purpose = `visit of ${counter.group}#${counter.name}`;
    const who = await this.salts.pseudonym(purpose, told, date);
    return (await this.counters.countOnce(date, counter, who)) ? undefined : 'repeated';
  }
}
