import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { daysAfter } from '../../../platform/local-time.js';
import { siteCounter, sumWith, withOpen } from '../counting/counter.js';
import { CountersRepository } from '../counting/counters.repository.js';
import type { DailyVisitorsResponse, MonthlyVisitorsResponse } from '../dto/analytics.dto.js';
import { datesBetween, lastMonths, numbersOf } from './trends.js';

const VISITORS = siteCounter('VISITORS');

/** Visitors over time; what has no number is there with 0. */
@Injectable()
export class TrendsService {
  constructor(
    private readonly counters: CountersRepository,
    private readonly clock: Clock,
  ) {}

  /** Oldest first; the last day is today. */
  async daily(days: number): Promise<DailyVisitorsResponse[]> {
    const today = this.clock.today();
    const from = daysAfter(today, 1 - days);
    const [closed, { open }] = await Promise.all([
      this.counters.listSiteDays(from, today),
      this.counters.read(today, VISITORS),
    ]);
    const visitors = numbersOf(withOpen(closed, open), 'VISITORS');
    return datesBetween(from, today).map((date) => ({ date, visitors: visitors.get(date) ?? 0 }));
  }

  /** Oldest first; the last month is this one. */
  async monthly(months: number): Promise<MonthlyVisitorsResponse[]> {
    const today = this.clock.today();
    const wanted = lastMonths(today, months);
    const [sums, { open }] = await Promise.all([
      this.counters.listMonths(VISITORS, wanted[0] ?? '', today.slice(0, 7)),
      this.counters.read(today, VISITORS),
    ]);
    return wanted.map((month) => {
      const ofMonth = open.filter(({ date }) => date.startsWith(month));
      return { month, visitors: sumWith(sums.get(month), ofMonth) };
    });
  }
}
