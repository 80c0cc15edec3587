import { Injectable, type OnModuleInit } from '@nestjs/common';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import { TimezoneChanges } from '../../users/timezone-changes.js';
import type { Rule } from './rule.js';
import { RulesRepository } from './rules.repository.js';

const MOVED_AT_ONCE = 10;

/** A day begins elsewhere when its user moves: their rules wait for that instant then. */
@Injectable()
export class RuleTimeZones implements OnModuleInit {
  constructor(
    private readonly changes: TimezoneChanges,
    private readonly rules: RulesRepository,
  ) {}

  onModuleInit(): void {
    this.changes.register((userId, timezone) => this.move(userId, timezone));
  }

  private async move(userId: string, timezone: string): Promise<void> {
    const rules = await this.rules.listAll(userId);
    for (let first = 0; first < rules.length; first += MOVED_AT_ONCE)
      await Promise.all(rules.slice(first, first + MOVED_AT_ONCE).map((rule) => this.place(rule, timezone)));
  }

  /** Whatever changes it meanwhile may not know of the new zone yet. */
  private async place({ userId, id }: Rule, timezone: string): Promise<void> {
    await untilCurrent(async () => {
      const rule = await this.rules.find(userId, id);
      if (rule?.status === 'active' && rule.nextDate !== null)
        await this.rules.commit([this.rules.advance(rule, rule, timezone)]);
    });
  }
}
