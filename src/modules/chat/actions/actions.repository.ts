import { Injectable } from '@nestjs/common';
import { failWith } from '../../../http/errors/api-error.js';
import { Clock } from '../../../platform/clock.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Change, Item, Key, Page, PageRequest, Range } from '../../../platform/dynamodb/item.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { CHAT_ACTION_NOT_FOUND } from '../chat.errors.js';
import type { Action, ActionError } from './action.js';

const ACTION = 'ACTION#';
const KEPT_SECONDS = 30 * 24 * 3600;

const actionKey = (userId: string, id: string): Key => ({ PK: `USER#${userId}`, SK: `${ACTION}${id}` });
const actionsOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: ACTION });

/** An action as it stands in the table. */
export interface StandingAction {
  readonly action: Action;
  readonly rowVersion: number;
  /** Until when somebody is at it, in milliseconds since the epoch. */
  readonly lockedUntil: number;
}

export type NewAction = Pick<
  Action,
  'id' | 'tool' | 'arguments' | 'version' | 'summary' | 'conversationId' | 'messageId' | 'expiresAt'
>;

@Injectable()
export class ActionsRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** @param alongside what stands or falls with it */
  async create(
    userId: string,
    { id, version, ...action }: NewAction,
    alongside: readonly Write[],
  ): Promise<Action> {
    const item = this.table.stamp({
      ...actionKey(userId, id),
      EntityType: 'CHAT_ACTION',
      Status: 'PENDING',
      ...action,
      aboutVersion: version,
      ExpiresAt: this.clock.seconds() + KEPT_SECONDS,
    });
    await this.table.transact([{ put: item, orElse: () => new StaleVersion() }, ...alongside]);
    return actionFrom(item);
  }

  /** @throws {ApiError} CHAT_ACTION_NOT_FOUND */
  async read(userId: string, id: string): Promise<StandingAction> {
    const item = await this.table.get(actionKey(userId, id), { consistent: true });
    if (!item) throw failWith(CHAT_ACTION_NOT_FOUND)();
    return {
      action: actionFrom(item),
      rowVersion: item.Version,
      lockedUntil: (item['lockedUntil'] as number | undefined) ?? 0,
    };
  }

  /** Puts it in another state, from the one in which it was read. @throws {StaleVersion} */
  async move(
    userId: string,
    id: string,
    rowVersion: number,
    status: Action['status'],
    {
      error,
      lockedUntil = null,
    }: { readonly error?: ActionError; readonly lockedUntil?: number | null } = {},
  ): Promise<StandingAction> {
    const change: Change = { Status: status.toUpperCase(), error, lockedUntil };
    const orElse = failWith(CHAT_ACTION_NOT_FOUND);
    const item = await this.table.update(actionKey(userId, id), change, orElse, { versions: [rowVersion] });
    return { action: actionFrom(item), rowVersion: item.Version, lockedUntil: lockedUntil ?? 0 };
  }

  async page(userId: string, page: PageRequest): Promise<Page<Action>> {
    return (await this.table.page({ ranges: [actionsOf(userId)], order: 'ascending' }, page)).map(actionFrom);
  }

  /** Those that a conversation asked for. @param asked by the messages from one id to another; an end that is open is none */
  async discardOf(
    userId: string,
    conversationId: string,
    asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  ): Promise<void> {
    const { from = '', to = '' } = asked;
    const items = await this.table.all({
      ranges: [actionsOf(userId)],
      order: 'ascending',
      where: { conversationId },
      keep: ({ messageId }) => from <= String(messageId) && String(messageId) <= `${to}~`,
      consistent: true,
      withExpired: true,
    });
    for (const item of items) await this.table.discard(item);
  }

  erase(userId: string): Promise<number> {
    return this.table.discardAll(actionsOf(userId));
  }
}

function actionFrom(item: Item): Action {
  const error = item['error'] as ActionError | undefined;
  return {
    id: item.SK.slice(ACTION.length),
    tool: item['tool'] as string,
    arguments: item['arguments'] as string,
    version: item['aboutVersion'] as number,
    summary: item['summary'] as string,
    status: item.Status?.toLowerCase() as Action['status'],
    conversationId: item['conversationId'] as string,
    messageId: item['messageId'] as string,
    error: error ? { code: error.code, message: error.message } : null,
    createdAt: item.CreatedAt,
    expiresAt: item['expiresAt'] as string,
  };
}
