import { Injectable } from '@nestjs/common';
import { DueItems, type DueRun } from '../../../platform/dynamodb/due-items.js';
import { ruleFrom, RULES_DUE } from './rule.item.js';
import { RuleTasks } from './rule-tasks.service.js';

/** Makes the tasks of every user whose day has begun. */
@Injectable()
export class DueTasksService {
  constructor(
    private readonly due: DueItems,
    private readonly ruleTasks: RuleTasks,
  ) {}

  /** Safe to be run twice, or by several at once. @throws {WorkLeft} */
  run(): Promise<DueRun> {
    return this.due.each(RULES_DUE, (item) => this.ruleTasks.settle(ruleFrom(item)));
  }
}
