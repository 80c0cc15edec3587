import { Injectable } from '@nestjs/common';
import { failWith } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { assertSeen, StaleVersion } from '../../../platform/dynamodb/faults.js';
import { changesNothing, type Item, type Page } from '../../../platform/dynamodb/item.js';
import { counting, type ItemLimit, LimitedItems } from '../../../platform/dynamodb/limited-items.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { type Cursor, type Rule, RULES_PER_USER } from './rule.js';
import {
  cursorChange,
  countKey,
  newRuleItem,
  ruleChange,
  type RuleFields,
  ruleFrom,
  ruleKey,
  rulesOf,
} from './rule.item.js';
import { RULE_LIMIT, RULE_NOT_FOUND } from './rules.errors.js';

type Versions = readonly number[] | undefined;

const notFound = failWith(RULE_NOT_FOUND);

@Injectable()
export class RulesRepository {
  constructor(
    private readonly table: Table,
    private readonly limited: LimitedItems,
  ) {}

  /** @throws {ApiError} RULE_LIMIT */
  async create(
    userId: string,
    id: string,
    fields: RuleFields,
    cursor: Cursor,
    timezone: string,
  ): Promise<Rule> {
    const put = this.table.stamp(newRuleItem({ userId, id }, fields, cursor, timezone));
    const limit: ItemLimit = {
      key: countKey(userId),
      most: RULES_PER_USER,
      count: () => this.table.count(rulesOf(userId)),
      error: failWith(RULE_LIMIT),
    };
    await this.limited.commit([{ put, orElse: notFound }, counting(limit)]);
    return ruleFrom(put);
  }

  async list(userId: string, page: Paged): Promise<Page<Rule>> {
    const listing = { ranges: [rulesOf(userId)], order: 'ascending' as const };
    return (await this.table.page(listing, page)).map(ruleFrom);
  }

  async listAll(userId: string): Promise<Rule[]> {
    return (await this.table.all({ ranges: [rulesOf(userId)], order: 'ascending' })).map(ruleFrom);
  }

  async find(userId: string, id: string): Promise<Rule | undefined> {
    const item = await this.table.get(ruleKey(userId, id), { consistent: true });
    return item && ruleFrom(item);
  }

  /** @throws {ApiError} RULE_NOT_FOUND @throws {StaleVersion} when it is none of `versions` */
  async read(userId: string, id: string, versions?: Versions): Promise<{ item: Item; rule: Rule }> {
    const item = await this.table.get(ruleKey(userId, id), { consistent: true });
    if (!item) throw notFound();
    assertSeen(item.Version, versions);
    return { item, rule: ruleFrom(item) };
  }

  /** Puts the next version in the place of the one that was read. @param alongside what stands or falls with it */
  async replace(
    item: Item,
    fields: RuleFields,
    cursor: Cursor,
    timezone: string,
    alongside: readonly Write[] = [],
  ): Promise<Rule> {
    const change = ruleChange(ruleFrom(item), fields, cursor, timezone);
    // `moves` counts the changes themselves.
    if (alongside.length === 0 && changesNothing(item, { ...change, moves: undefined }))
      return ruleFrom(item);
    const next = this.table.restamp(item, change);
    await this.table.commit([{ replace: next, orElse: notFound }, ...alongside]);
    return ruleFrom(next);
  }

  /**
   * Moves a rule on from where it was read. Nobody's version grows stale by it: it says nothing that a person wrote.
   * @throws {StaleVersion} from the write, when somebody was faster, or the rule says something else now
   */
  advance(rule: Rule, cursor: Cursor, timezone: string): Write {
    const { userId, id, moves, version, status } = rule;
    return {
      update: ruleKey(userId, id),
      change: cursorChange(rule, { ...cursor, moves }, timezone),
      where: { moves, Status: status.toUpperCase() },
      versions: [version],
      silent: true,
      orElse: () => new StaleVersion(),
    };
  }

  async commit(writes: readonly Write[]): Promise<void> {
    await this.limited.commit(writes);
  }

  async remove(userId: string, id: string, versions: Versions): Promise<void> {
    await this.table.remove(ruleKey(userId, id), notFound, { versions });
  }

  async discardAll(userId: string): Promise<number> {
    await this.table.discard(countKey(userId));
    return this.table.discardAll(rulesOf(userId));
  }
}
