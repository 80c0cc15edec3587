import { v5 as uuidv5 } from 'uuid';
import { type DueQueue, outOf, placeIn } from '../../../platform/dynamodb/due-items.js';
import {
  compact,
  type Change,
  type Item,
  type Key,
  type NewItem,
  type Range,
} from '../../../platform/dynamodb/item.js';
import { instantOf } from '../../../platform/local-time.js';
import type { Cursor, Frequency, Mode, Rule, RuleStatus, Schedule, TaskTemplate } from './rule.js';

const PREFIX = 'RRULE#';

/** Active rules wait for the beginning of their next date where their user is. */
export const RULES_DUE: DueQueue = { index: 'GSI1', name: 'RRULE#NEXT' };

export const ruleKey = (userId: string, id: string): Key => ({ PK: `USER#${userId}`, SK: `${PREFIX}${id}` });
/** Of the row that counts a user's rules. */
export const countKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'COUNT#RULE' });
export const rulesOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: PREFIX });

/**
 * The id of the task that a rule makes for a date: a name-based UUID (RFC 9562, version 5), so that whoever makes it
 * makes the same one.
 */
export const taskIdOf = (ruleId: string, date: string): string => uuidv5(date, ruleId);

/** What a person says of a rule. */
export type RuleFields = Schedule & TaskTemplate & Pick<Rule, 'status' | 'skipIfOpen'>;

type Standing = Pick<Rule, 'id' | 'userId' | 'status'>;

/** How far a rule has come, and the place in the queue that follows from it. */
export function cursorChange({ id, userId, status }: Standing, cursor: Cursor, timezone: string): Change {
  const { nextDate, lastDate, made, completedOn, moves } = cursor;
  const waits = status === 'active' && nextDate !== null;
  const place = waits
    ? placeIn(RULES_DUE, userId, instantOf(timezone, nextDate), `${userId}#${id}`)
    : outOf(RULES_DUE);
  return { nextDate, lastDate, made, completedOn, moves: moves + 1, ...place };
}

const fieldsChange = ({ status, ...fields }: RuleFields): Change => ({
  ...fields,
  Status: status.toUpperCase(),
});

/** Everything that a rule says and where it stands, as a change of what is stored. */
export const ruleChange = (
  standing: Pick<Rule, 'id' | 'userId'>,
  fields: RuleFields,
  cursor: Cursor,
  timezone: string,
): Change => ({
  ...fieldsChange(fields),
  ...cursorChange({ ...standing, status: fields.status }, cursor, timezone),
});

export const newRuleItem = (
  standing: Pick<Rule, 'id' | 'userId'>,
  fields: RuleFields,
  cursor: Cursor,
  timezone: string,
): NewItem =>
  compact({
    ...ruleKey(standing.userId, standing.id),
    EntityType: 'RECURRENCE_RULE',
    ...ruleChange(standing, fields, cursor, timezone),
  });

export function ruleFrom(item: Item): Rule {
  const text = (name: string) => (item[name] as string | undefined) ?? null;
  return {
    id: item.SK.slice(PREFIX.length),
    userId: item.PK.slice('USER#'.length),
    title: item['title'] as string,
    description: text('description'),
    category: text('category'),
    priority: text('priority') as Rule['priority'],
    goalId: text('goalId'),
    frequency: text('frequency') as Frequency | null,
    interval: item['interval'] as number,
    daysOfWeek: (item['daysOfWeek'] as number[] | undefined) ?? null,
    rrule: text('rrule'),
    startDate: item['startDate'] as string,
    endDate: text('endDate'),
    count: (item['count'] as number | undefined) ?? null,
    mode: item['mode'] as Mode,
    skipIfOpen: item['skipIfOpen'] as boolean,
    exceptions: item['exceptions'] as string[],
    status: item.Status?.toLowerCase() as RuleStatus,
    nextDate: text('nextDate'),
    lastDate: text('lastDate'),
    made: item['made'] as number,
    completedOn: text('completedOn'),
    moves: item['moves'] as number,
    endsOn: text('endsOn'),
    createdAt: item.CreatedAt,
    updatedAt: item.UpdatedAt,
    version: item.Version,
  };
}
