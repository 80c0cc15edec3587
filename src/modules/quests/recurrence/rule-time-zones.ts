import { Injectable } from '@nestjs/common';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import { someAtOnce } from '../../../platform/some-at-once.js';
import { UsersService } from '../../users/users.service.js';
import { TimezoneChanges } from '../../users/timezone-changes.js';
import type { Rule } from './rule.js';
import { RulesRepository } from './rules.repository.js';

const MOVED_AT_ONCE = 10;

/** A day begins elsewhere when its user moves: their rules wait for that instant then. */
@Injectable()
export class RuleTimeZones {
  constructor(
    private readonly changes: TimezoneChanges,
    private readonly rules: RulesRepository,
    private readonly users: UsersService,
  ) {
    this.changes.register('recurrence rules', (userId) => this.move(userId));
  }

  private async move(userId: string): Promise<void> {
    await someAtOnce(await this.rules.listAll(userId), MOVED_AT_ONCE, (rule) => this.place(rule));
  }

  /** By the zone that holds now: whatever changed the rule meanwhile may not have known it, and it may have changed again. */
  private async place({ userId, id }: Rule): Promise<void> {
    await untilCurrent(async () => {
      const rule = await this.rules.find(userId, id);
      const timezone = await this.users.timezoneOf(userId, { consistent: true });
      if (rule?.status === 'active' && rule.nextDate !== null)
        await this.rules.commit([this.rules.advance(rule, rule, timezone)]);
    });
  }
}
