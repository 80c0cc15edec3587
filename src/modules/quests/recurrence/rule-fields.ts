import { isDeepStrictEqual } from 'node:util';
import { ApiError, type ErrorDetail } from '../../../http/errors/api-error.js';
import { QUEST_VALIDATION_ERROR } from '../quests.errors.js';
import type { CreateRuleDto, UpdateRuleDto } from './dto/rule.dto.js';
import { parseRrule, RruleFault } from './rrule.js';
import type { Schedule } from './rule.js';
import { endOf, firstFrom } from './schedule.js';
import type { RuleFields } from './rule.item.js';
import { RRULE_INVALID } from './rules.errors.js';

const FRESH = {
  description: null,
  category: null,
  priority: null,
  goalId: null,
  frequency: null,
  rrule: null,
  interval: 1,
  daysOfWeek: null,
  endDate: null,
  count: null,
  mode: 'schedule',
  skipIfOpen: false,
  exceptions: [],
  endsOn: null,
  status: 'active',
} as const;

/** What only one way of saying on which dates has; it goes with the way. */
const NAMED_ONLY = { interval: 1, daysOfWeek: null, endDate: null, count: null } as const;

/**
 * The fields of a rule as a request asks for them, what it does not name being as before.
 * @throws {ApiError} QUEST_VALIDATION_ERROR, RRULE_INVALID
 */
export function mergedFields(body: CreateRuleDto | UpdateRuleDto, known?: RuleFields): RuleFields {
  const before: Partial<Record<string, unknown>> = { ...known };
  // A rule that is sent back names both ways of saying on which dates; what is as before asks for nothing.
  const given = Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(value, before[name]),
    ),
  );
  const standing = { ...(known ?? FRESH), ...otherWay(given) };
  const fields = { ...standing, ...given } as RuleFields;
  assertOneMeaning(fields);
  assertHasDates({ ...fields, endsOn: null });
  return { ...fields, endsOn: endOf(fields) };
}

/** To name a frequency drops the RRULE, and the other way round; days of the week go with a week. */
function otherWay({ frequency, rrule }: Pick<UpdateRuleDto, 'frequency' | 'rrule'>): Partial<RuleFields> {
  if (frequency && rrule === undefined)
    return { rrule: null, ...(frequency !== 'weekly' && { daysOfWeek: null }) };
  if (rrule && frequency === undefined) return { frequency: null, ...NAMED_ONLY };
  return {};
}

function assertOneMeaning({
  frequency,
  rrule,
  interval,
  daysOfWeek,
  endDate,
  count,
  startDate,
}: Schedule): void {
  const ruled = rrule !== null;
  const faults: [boolean, string, string, string][] = [
    [!ruled && frequency === null, 'frequency', 'required', 'frequency or rrule is required'],
    [ruled && frequency !== null, 'frequency', 'exclusive', 'frequency and rrule exclude each other'],
    [ruled && interval !== 1, 'interval', 'exclusive', 'an rrule has its own INTERVAL'],
    [ruled && endDate !== null, 'endDate', 'exclusive', 'an rrule has its own UNTIL'],
    [ruled && count !== null, 'count', 'exclusive', 'an rrule has its own COUNT'],
    [
      daysOfWeek !== null && frequency !== 'weekly',
      'daysOfWeek',
      'exclusive',
      'daysOfWeek goes with frequency weekly',
    ],
    [endDate !== null && count !== null, 'count', 'exclusive', 'endDate and count exclude each other'],
    [endDate !== null && endDate < startDate, 'endDate', 'order', 'endDate must not be before startDate'],
  ];
  const details: ErrorDetail[] = faults
    .filter(([wrong]) => wrong)
    .map(([, field, code, message]) => ({ field, code, message }));
  if (details.length > 0) throw new ApiError(QUEST_VALIDATION_ERROR, { details });
}

/** @throws {ApiError} RRULE_INVALID */
function assertHasDates(schedule: Schedule): void {
  const refuse = (code: string, message: string) =>
    new ApiError(RRULE_INVALID, {
      details: [{ field: schedule.rrule === null ? 'startDate' : 'rrule', code, message }],
    });
  try {
    if (schedule.rrule !== null) parseRrule(schedule.rrule);
  } catch (error) {
    throw error instanceof RruleFault ? refuse('isRrule', error.message) : error;
  }
  if (firstFrom(schedule, schedule.startDate) === null)
    throw refuse('hasDates', 'the rule has no date at all');
}
