import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { ApiError } from '../../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../../http/errors/common.errors.js';
import type { Tokens } from '../../../platform/ai/model.js';
import { Clock } from '../../../platform/clock.js';
import type { Write } from '../../../platform/dynamodb/table.js';
import { dayOf, daysAfter, secondsOf } from '../../../platform/local-time.js';
import { CHAT_QUOTA_EXCEEDED } from '../chat.errors.js';
import type { AllowanceResponse, UsageQuery, UsageResponse } from '../dto/usage.dto.js';
import { type DayOfUse, UsageRepository } from './usage.repository.js';

const DAYS = 30;
const MOST_DAYS = 366;

/** Days are those of UTC: one's own would begin anew with every change of the time zone. */
@Injectable()
export class UsageService {
  private readonly quota: number;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly usage: UsageRepository,
    private readonly clock: Clock,
  ) {
    this.quota = config.chat.messagesPerDay;
  }

  /** Every day of a span, and what is left of today. */
  async report(userId: string, { from, to }: UsageQuery): Promise<UsageResponse> {
    const last = to ?? this.clock.today();
    const first = from ?? daysAfter(last, 1 - DAYS);
    const span = dayOf(last) - dayOf(first) + 1;
    if (span < 1 || span > MOST_DAYS) {
      const message = `from must not be after to, nor more than ${MOST_DAYS} days before it`;
      throw new ApiError(VALIDATION_ERROR, { details: [{ field: 'from', code: 'range', message }] });
    }
    const [used, allowance] = await Promise.all([
      this.usage.list(userId, first, last),
      this.allowance(userId),
    ]);
    const known = new Map(used.map((day) => [day.date, day]));
    const days = Array.from({ length: span }, (_, position): DayOfUse => {
      const date = daysAfter(first, position);
      return known.get(date) ?? { date, messages: 0, tokensIn: 0, tokensOut: 0 };
    });
    const sum = (name: 'messages' | 'tokensIn' | 'tokensOut') =>
      days.reduce((total, day) => total + day[name], 0);
    const { quota, remaining, renewsAt } = allowance;
    return {
      days,
      messages: sum('messages'),
      tokensIn: sum('tokensIn'),
      tokensOut: sum('tokensOut'),
      quota,
      remaining,
      renewsAt,
    };
  }

  async allowance(userId: string): Promise<AllowanceResponse> {
    const today = this.clock.today();
    const { date: _, ...used } = await this.usage.find(userId, today);
    const remaining = Math.max(0, this.quota - used.messages);
    return { ...used, quota: this.quota, remaining, renewsAt: renewalAfter(today).toISOString() };
  }

  /** Fails with CHAT_QUOTA_EXCEEDED. */
  message(userId: string): Write {
    const today = this.clock.today();
    return this.usage.message(userId, today, this.quota, () => {
      const renewsAt = renewalAfter(today);
      const seconds = Math.max(1, Math.ceil((renewsAt.getTime() - this.clock.now().getTime()) / 1000));
      return new ApiError(CHAT_QUOTA_EXCEEDED, {
        message: `The ${this.quota} messages of this day are used up; there are new ones from ${renewsAt.toISOString()} on.`,
        headers: { 'Retry-After': String(seconds) },
      });
    });
  }

  /** What was taken for nothing. */
  note(userId: string, tokens: Tokens): Promise<void> {
    return this.usage.commit([this.tokens(userId, tokens)]);
  }

  tokens(userId: string, tokens: Tokens): Write {
    return this.usage.tokens(userId, this.clock.today(), tokens);
  }
}

const renewalAfter = (date: string): Date => new Date(secondsOf(daysAfter(date, 1)) * 1000);
