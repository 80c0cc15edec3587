import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { UUID } from '../../../http/validation/id.pipe.js';
import { asSeen, StaleVersion, untilCurrent } from '../../../platform/dynamodb/faults.js';
import type { Page } from '../../../platform/dynamodb/item.js';
import { ServiceUnavailable } from '../../../platform/faults.js';
import { IdSource } from '../../../platform/ids.js';
import { dateIn } from '../../../platform/local-time.js';
import { type UserDay, UsersService } from '../../users/users.service.js';
import { GOAL_NOT_FOUND, QUEST_VALIDATION_ERROR } from '../quests.errors.js';
import { QuestsRepository } from '../quests.repository.js';
import { type CreateRuleDto, type RuleResponse, ruleResponse, type UpdateRuleDto } from './dto/rule.dto.js';
import { beginningOf, cursorOf, cursorWithout, isAhead, previewOf, resumedAt } from './cursor.js';
import { type Cursor, EXCEPTIONS_PER_RULE, type Rule, type Schedule } from './rule.js';
import { mergedFields } from './rule-fields.js';
import { type RuleFields, taskIdOf } from './rule.item.js';
import { RuleTasks } from './rule-tasks.service.js';
import { EXCEPTION_LIMIT, RRULE_INVALID } from './rules.errors.js';
import { RulesRepository } from './rules.repository.js';

type Versions = readonly number[] | undefined;

const SHOWN_DATES = 5;

/** What the dates of a rule follow from. */
const scheduleOf = ({
  frequency,
  interval,
  daysOfWeek,
  rrule,
  startDate,
  endDate,
  count,
  mode,
  exceptions,
}: Schedule) =>
  JSON.stringify([frequency, interval, daysOfWeek, rrule, startDate, endDate, count, mode, exceptions]);

@Injectable()
export class RulesService {
  constructor(
    private readonly rules: RulesRepository,
    private readonly ruleTasks: RuleTasks,
    private readonly quests: QuestsRepository,
    private readonly users: UsersService,
    private readonly ids: IdSource,
  ) {}

  async create(userId: string, body: CreateRuleDto): Promise<RuleResponse> {
    const fields = mergedFields(body);
    const id = this.ids.next();
    const [day] = await Promise.all([
      this.users.dayOf(userId, { consistent: true }),
      this.assertGoal(userId, fields.goalId),
    ]);
    const fresh = { nextDate: null, lastDate: null, made: 0, completedOn: null, moves: 0 };
    const cursor = { ...fresh, nextDate: beginningOf({ ...fields, ...fresh }, day.today) };
    if (cursor.nextDate === null) throw over();
    const rule = await this.rules.create(userId, id, fields, cursor, day.timezone);
    return this.settled(rule, day.today);
  }

  async list(userId: string, page: Paged): Promise<Page<RuleResponse>> {
    const [rules, { today }] = await Promise.all([this.rules.list(userId, page), this.users.dayOf(userId)]);
    return rules.map((rule) => asResponse(rule, today));
  }

  async get(userId: string, id: string): Promise<RuleResponse> {
    const [{ rule }, { today }] = await Promise.all([this.rules.read(userId, id), this.users.dayOf(userId)]);
    return asResponse(rule, today);
  }

  async preview(userId: string, id: string, count: number): Promise<string[]> {
    const [{ rule }, { today }] = await Promise.all([this.rules.read(userId, id), this.users.dayOf(userId)]);
    return [...previewOf(rule, today, count)];
  }

  async update(userId: string, id: string, body: UpdateRuleDto, versions: Versions): Promise<RuleResponse> {
    const attempt = async () => {
      const [{ item, rule }, day] = await Promise.all([
        this.rules.read(userId, id, versions),
        this.users.dayOf(userId, { consistent: true }),
      ]);
      const fields = mergedFields(body, fieldsOf(rule));
      if (fields.goalId !== rule.goalId) await this.assertGoal(userId, fields.goalId);
      const cursor = await this.cursorAfter(rule, fields, day);
      return this.settled(await this.rules.replace(item, fields, cursor, day.timezone), day.today);
    };
    return asSeen(versions, attempt);
  }

  /** Leaves one date out. A task that was made for it and is still open goes. */
  skip(userId: string, id: string, date: string): Promise<RuleResponse> {
    return untilCurrent(async () => {
      const [{ item, rule }, { today, timezone }] = await Promise.all([
        this.rules.read(userId, id),
        this.users.dayOf(userId, { consistent: true }),
      ]);
      if (rule.exceptions.includes(date)) return asResponse(rule, today);
      const task = await this.quests.findTask(userId, taskIdOf(id, date));
      const open = task !== undefined && task.status !== 'completed';
      const standing = rule.status === 'paused' ? { ...rule, nextDate: resumedAt(rule, today) } : rule;
      if (date < today || !(open || isAhead(standing, date))) throw notOnRule();
      // A worker that is late must not meet those that have passed.
      const passed = rule.nextDate !== null && rule.nextDate < today ? rule.nextDate : today;
      const exceptions = [...rule.exceptions.filter((each) => each >= passed), date].sort();
      if (exceptions.length > EXCEPTIONS_PER_RULE) throw new ApiError(EXCEPTION_LIMIT);
      const fields = { ...fieldsOf(rule), exceptions };
      const orElse = () => new StaleVersion();
      const alongside = open ? [{ ...this.quests.removal(userId, task.id, [task.version]), orElse }] : [];
      const cursor = cursorWithout(date, { ...standing, exceptions }, today);
      return asResponse(await this.rules.replace(item, fields, cursor, timezone, alongside), today);
    });
  }

  /** The tasks that it made stay. */
  async remove(userId: string, id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    await this.rules.remove(userId, id, versions);
    return { id, deleted: true };
  }

  /** Makes the task of today at once, if there is one. The rule stands by now: should this fail, the worker does it. */
  private async settled(rule: Rule, today: string): Promise<RuleResponse> {
    if (rule.nextDate === null || rule.nextDate > today) return asResponse(rule, today);
    try {
      await this.ruleTasks.settle(rule);
      return asResponse((await this.rules.find(rule.userId, rule.id)) ?? rule, today);
    } catch (error) {
      if (!(error instanceof ServiceUnavailable)) throw error;
      return asResponse(rule, today);
    }
  }

  /** A rule that says other dates begins anew; but by completion it waits for the task that is open. */
  private async cursorAfter(rule: Rule, fields: RuleFields, { today, timezone }: UserDay): Promise<Cursor> {
    const resumed = rule.status === 'paused' && fields.status === 'active';
    const changed = scheduleOf(rule) !== scheduleOf(fields);
    if (!resumed && !changed) return rule;
    const last = fields.mode === 'completion' ? await this.ruleTasks.lastOf(rule) : undefined;
    const waits = last !== undefined && last.completedAt === null;
    // By the calendar nobody kept when tasks were done.
    const lastDone = last?.completedAt ? dateIn(timezone, new Date(last.completedAt)) : null;
    const next = {
      ...rule,
      ...fields,
      completedOn: rule.mode === 'completion' ? rule.completedOn : lastDone,
    };
    const nextDate = changed ? beginningOf(next, today) : resumedAt(next, today);
    return { ...cursorOf(next), nextDate: waits ? null : nextDate };
  }

  private async assertGoal(userId: string, goalId: string | null): Promise<void> {
    const there = goalId === null || (UUID.test(goalId) && (await this.quests.find(userId, 'goal', goalId)));
    if (!there) throw new ApiError(GOAL_NOT_FOUND);
  }
}

const over = () =>
  new ApiError(RRULE_INVALID, {
    details: [{ field: 'startDate', code: 'hasDates', message: 'the rule has no date from today on' }],
  });

const notOnRule = () =>
  new ApiError(QUEST_VALIDATION_ERROR, {
    details: [
      {
        field: 'date',
        code: 'isOccurrence',
        message: 'date must be one of the rule, today or later, and not done',
      },
    ],
  });

function fieldsOf(rule: Rule): RuleFields {
  const {
    id: _i,
    userId: _u,
    nextDate: _n,
    lastDate: _l,
    made: _m,
    completedOn: _d,
    moves: _s,
    ...rest
  } = rule;
  const { createdAt: _c, updatedAt: _p, version: _v, ...fields } = rest;
  return fields;
}

const asResponse = (rule: Rule, today: string): RuleResponse =>
  ruleResponse(rule, previewOf(rule, today, SHOWN_DATES));
