import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { DailySalts } from '../../../platform/daily-salts.js';
import { daysAfter } from '../../../platform/local-time.js';
import { someAtOnce } from '../../../platform/some-at-once.js';
import { summed } from './counter.js';
import { CountersRepository } from './counters.repository.js';

/** After midnight (UTC) a day stays open for this long: a hit that began before takes seconds to be counted. */
const CLOSING_MINUTES = 60;
const ADDED_AT_ONCE = 8;

/** Adds up days that are over, each once, and deletes the salts by which their visitors were told apart. */
@Injectable()
export class FoldingService {
  constructor(
    private readonly counters: CountersRepository,
    private readonly salts: DailySalts,
    private readonly clock: Clock,
  ) {}

  /** Salts first: whatever becomes of the days, they go. Safe to be run twice, or by several at once. */
  async run(): Promise<{ folded: number; salts: number }> {
    const salts = await this.salts.discardOld();
    return { folded: await this.foldClosedDays(), salts };
  }

  private async foldClosedDays(): Promise<number> {
    const closed = daysAfter(this.dateBefore(CLOSING_MINUTES), -1);
    const folded = await this.counters.findFolded();
    if (folded !== undefined && folded >= closed) return 0;
    let day =
      folded === undefined ? await this.counters.findFirstDay(this.clock.today()) : daysAfter(folded, 1);
    let days = 0;
    for (; day !== undefined && day <= closed; day = daysAfter(day, 1)) {
      await this.fold(day);
      days += 1;
    }
    if (days === 0) await this.counters.setFolded(closed);
    return days;
  }

  private async fold(date: string): Promise<void> {
    const counts = summed(await this.counters.readOpenDays(date, date));
    await someAtOnce(counts, ADDED_AT_ONCE, (each) => this.counters.addDay(each));
    await this.counters.setFolded(date);
  }

  private dateBefore(minutes: number): string {
    return new Date(this.clock.now().getTime() - minutes * 60_000).toISOString().slice(0, 10);
  }
}
