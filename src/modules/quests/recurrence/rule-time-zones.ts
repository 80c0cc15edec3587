import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import { TimezoneChanges } from '../../users/timezone-changes.js';
import { RulesRepository } from './rules.repository.js';

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
    for (const rule of await this.rules.listAll(userId)) {
      if (rule.status !== 'active' || rule.nextDate === null) continue;
      try {
        await this.rules.commit([this.rules.advance(rule, rule, timezone)]);
      } catch (error) {
        // It was changed meanwhile, and so placed anew.
        if (!(error instanceof StaleVersion)) throw error;
      }
    }
  }
}
