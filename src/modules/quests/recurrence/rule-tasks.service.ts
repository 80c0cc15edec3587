import { Injectable } from '@nestjs/common';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Write } from '../../../platform/dynamodb/table.js';
import { dateIn } from '../../../platform/local-time.js';
import { UsersService } from '../../users/users.service.js';
import type { Task } from '../quest.js';
import { OccurrenceStands, QuestsRepository } from '../quests.repository.js';
import { firstAfterCompletion, nextBut, skipped, type Step, stepOf } from './cursor.js';
import type { Cursor, Rule } from './rule.js';
import { taskIdOf } from './rule.item.js';
import { RulesRepository } from './rules.repository.js';

/** What follows for a rule from something that happened, to be written with it. */
export interface Consequence {
  readonly writes: readonly Write[];
  /** The task that comes after the one it happened to. */
  readonly next?: Task;
}

const NONE: Consequence = { writes: [] };

/** Makes the tasks of rules: when their day begins, and when the task before is completed. */
@Injectable()
export class RuleTasks {
  constructor(
    private readonly rules: RulesRepository,
    private readonly quests: QuestsRepository,
    private readonly users: UsersService,
  ) {}

  /**
   * Does what is due for a rule. Task and rule are written together, the rule from where it was read: however often and
   * by however many this is run, each date has its task once.
   * @returns whether a task was made
   */
  async settle(rule: Rule): Promise<boolean> {
    const { timezone, today } = await this.users.dayOf(rule.userId, { consistent: true });
    const step = rule.status === 'active' ? stepOf(rule, today) : undefined;
    if (!step || rule.nextDate === null) return false;
    const moveOn = (cursor: Cursor) => this.rules.commit([this.rules.advance(rule, cursor, timezone)]);
    try {
      // It is not that day yet: they have moved to another time zone since.
      if (rule.nextDate > today) await moveOn(rule);
      else if (rule.skipIfOpen && (await this.isLastOpen(rule))) await moveOn(skipped(step, rule));
      else {
        await this.rules.commit((await this.making(rule, step, timezone)).writes);
        return true;
      }
    } catch (error) {
      // A task of that date was made when the rule said other dates.
      if (error instanceof OccurrenceStands)
        return this.settled(() => moveOn({ ...rule, nextDate: nextBut(step.date, rule, today) }));
      // Somebody else has settled it, or has changed it and so placed it anew.
      if (!(error instanceof StaleVersion)) throw error;
    }
    return false;
  }

  /**
   * A task of a rule is being completed: the next one is made with it, unless another is there. The rule is written also
   * where none follows now, so that whoever changes it at the same time meets this.
   */
  async afterCompletion(
    { userId, recurrenceRuleId, occurrence }: Task,
    completedAt: string,
  ): Promise<Consequence> {
    const rule = await this.ruleOf(userId, recurrenceRuleId);
    if (!rule) return NONE;
    if (occurrence !== rule.lastDate) return this.latest(rule, occurrence);
    const { timezone, today } = await this.users.dayOf(userId, { consistent: true });
    const standing = continued(rule, dateIn(timezone, new Date(completedAt)), today);
    const step = rule.status === 'active' ? await this.freeStep(standing, today) : undefined;
    if (step) return this.making(rule, step, timezone);
    return { writes: [this.rules.advance(rule, standing, timezone)] };
  }

  /** A task of a rule is completed already: what came after it. */
  async after({ userId, recurrenceRuleId, occurrence }: Task): Promise<Consequence> {
    const rule = await this.ruleOf(userId, recurrenceRuleId);
    return rule ? this.latest(rule, occurrence) : NONE;
  }

  /** An open task of a rule is being removed: one that goes by completion would otherwise wait for ever. */
  async afterRemoval({ userId, recurrenceRuleId, occurrence, status }: Task): Promise<Consequence> {
    const rule = await this.ruleOf(userId, recurrenceRuleId);
    if (!rule || occurrence !== rule.lastDate || status === 'completed') return NONE;
    const { timezone, today } = await this.users.dayOf(userId, { consistent: true });
    return { writes: [this.rules.advance(rule, continued(rule, today, today), timezone)] };
  }

  /** The task that was made last, if it is there still. */
  async lastOf({ userId, id, lastDate }: Rule): Promise<Task | undefined> {
    return lastDate === null ? undefined : this.quests.findTask(userId, taskIdOf(id, lastDate));
  }

  private async isLastOpen(rule: Rule): Promise<boolean> {
    const last = await this.lastOf(rule);
    return last !== undefined && last.status !== 'completed';
  }

  /** The next step to a date that has no task yet: a rule that says other dates than before may meet its own. */
  private async freeStep(rule: Rule, today: string): Promise<Step | undefined> {
    for (let standing = rule; ;) {
      const step = stepOf(standing, today);
      const taken = step && (await this.quests.findTask(rule.userId, taskIdOf(rule.id, step.date)));
      if (!step || !taken) return step;
      standing = { ...standing, nextDate: nextBut(step.date, standing, today) };
    }
  }

  private async settled(moveOn: () => Promise<void>): Promise<false> {
    await moveOn().catch((error: Error) => {
      if (!(error instanceof StaleVersion)) throw error;
    });
    return false;
  }

  private async ruleOf(userId: string, ruleId: string | null): Promise<Rule | undefined> {
    return ruleId === null ? undefined : this.rules.find(userId, ruleId);
  }

  /** Whatever else there is was made before it. */
  private async latest(rule: Rule, occurrence: string | null): Promise<Consequence> {
    const next = occurrence === rule.lastDate ? undefined : await this.lastOf(rule);
    return next ? { writes: [], next } : NONE;
  }

  /** A goal that is gone, or full, keeps no task from being made. */
  private async making(rule: Rule, { date, cursor }: Step, timezone: string): Promise<Required<Consequence>> {
    const { userId, id, title, description, category, priority, goalId } = rule;
    const joins = goalId !== null && (await this.quests.takesTasks(userId, goalId));
    const fields = { title, description, category, priority, date, goalId: joins ? goalId : null };
    const of = { recurrenceRuleId: id, occurrence: date };
    const { writes, quest } = this.quests.occurrence(userId, taskIdOf(id, date), fields, of);
    return { writes: [...writes, this.rules.advance(rule, cursor, timezone)], next: quest as Task };
  }
}

/** Where a rule stands once its last task is done, so that the next may be made. */
const continued = (rule: Rule, completedOn: string, today: string): Rule =>
  rule.mode === 'completion' && rule.nextDate === null
    ? { ...rule, completedOn, nextDate: firstAfterCompletion(rule, completedOn, today) }
    : rule;
