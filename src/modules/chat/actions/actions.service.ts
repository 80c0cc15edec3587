import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Clock } from '../../../platform/clock.js';
import { Contended, StaleVersion, untilCurrent } from '../../../platform/dynamodb/faults.js';
import { IdSource, instantOf } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { CHAT_ACTION_EXPIRED, CHAT_ACTION_IN_PROGRESS, CHAT_ACTION_SETTLED } from '../chat.errors.js';
import type { ActionResponse } from '../dto/action.dto.js';
import type { Message } from '../messages/message.js';
import { argumentsOf, BadCall, ToolBox } from '../tools/tool-box.js';
import { type Caller, type GuardedTool, isGuarded } from '../tools/tool.js';
import type { Action, ActionError } from './action.js';
import { ActionsRepository, type StandingAction } from './actions.repository.js';

const WAITS_MS = 60 * 60 * 1000;
/** Longer than any request may run. */
const LOCK_MS = 30_000;
const LONGEST_ERROR = 500;

type Decided =
  { readonly done: StandingAction } | { readonly begun: StandingAction; readonly resumed: boolean };

/** What a model may only propose: it is done once, when its user says so, or never. */
@Injectable()
export class ActionsService {
  constructor(
    private readonly actions: ActionsRepository,
    private readonly toolBox: ToolBox,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** @param asked by which message @throws {ApiError} when it cannot be done anyway */
  async propose(caller: Caller, tool: GuardedTool, written: string, asked: Message): Promise<Action> {
    const { summary, version } = await tool.propose(caller, argumentsOf(tool, written));
    return this.actions.create(caller.id, {
      id: this.ids.next(),
      tool: tool.name,
      arguments: written,
      version,
      summary,
      conversationId: asked.conversationId,
      messageId: asked.messageId,
      expiresAt: new Date(this.clock.now().getTime() + WAITS_MS).toISOString(),
    });
  }

  async get(userId: string, id: string): Promise<ActionResponse> {
    return this.shown((await this.actions.read(userId, id)).action);
  }

  /** To say the same again changes nothing. */
  async confirm(caller: Caller, id: string, approve: boolean): Promise<ActionResponse> {
    const decided = await untilCurrent(() => this.decide(caller.id, id, approve));
    if ('done' in decided) return this.shown(decided.done.action);
    return this.shown(await this.carryOut(caller, decided.begun, decided.resumed));
  }

  private async decide(userId: string, id: string, approve: boolean): Promise<Decided> {
    const standing = await this.actions.read(userId, id);
    const { action, rowVersion, lockedUntil } = standing;
    const now = this.clock.now().getTime();
    if (action.status === 'running') {
      if (!approve) throw new ApiError(CHAT_ACTION_SETTLED);
      if (lockedUntil > now) {
        const seconds = String(Math.ceil((lockedUntil - now) / 1000));
        throw new ApiError(CHAT_ACTION_IN_PROGRESS, { headers: { 'Retry-After': seconds } });
      }
    } else if (action.status !== 'pending') {
      if (approve === (action.status === 'rejected')) throw new ApiError(CHAT_ACTION_SETTLED);
      return { done: standing };
    } else if (Date.parse(action.expiresAt) <= now) throw new ApiError(CHAT_ACTION_EXPIRED);
    if (!approve) return { done: await this.actions.move(userId, id, rowVersion, 'rejected') };
    const lock = { lockedUntil: now + LOCK_MS };
    const begun = await this.actions.move(userId, id, rowVersion, 'running', lock);
    return { begun, resumed: action.status === 'running' };
  }

  /** @param resumed whether a run before this one may have done it */
  private async carryOut(
    caller: Caller,
    { action, rowVersion }: StandingAction,
    resumed: boolean,
  ): Promise<Action> {
    const settle = async (status: 'done' | 'failed', error?: ActionError) =>
      (await this.actions.move(caller.id, action.id, rowVersion, status, error && { error })).action;
    try {
      const tool = this.toolBox.find(caller, action.tool);
      if (!isGuarded(tool)) throw new BadCall('UNKNOWN_TOOL', 'There is no such tool.');
      const given = argumentsOf(tool, action.arguments);
      const versions = resumed ? undefined : [action.version];
      const doing = () => tool.carryOut(caller, given, versions);
      try {
        await requestContext.reserving(action.id, instantOf(action.id).getTime(), doing);
      } catch (error) {
        if (!(resumed && error instanceof ApiError && error.code === tool.doneCode)) throw error;
      }
      return await settle('done');
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) return settle('failed', refusal);
      // Nobody knows whether it was done: whoever confirms it again goes on, at once if this can be noted.
      const unlocked = { lockedUntil: 0 };
      await this.actions.move(caller.id, action.id, rowVersion, 'running', unlocked).catch(() => undefined);
      throw error;
    }
  }

  private shown({ arguments: _a, version: _v, ...action }: Action): ActionResponse {
    const over = action.status === 'pending' && Date.parse(action.expiresAt) <= this.clock.now().getTime();
    return { ...action, status: over ? 'expired' : action.status };
  }
}

/** What can be told of a failure that is not ours; undefined where it is. */
export function refusalOf(error: unknown): ActionError | undefined {
  if (error instanceof StaleVersion)
    return { code: PRECONDITION_FAILED.code, message: 'It has changed since it was looked at.' };
  if (error instanceof Contended) return { code: WRITE_CONFLICT.code, message: WRITE_CONFLICT.message };
  if (error instanceof BadCall || (error instanceof ApiError && error.statusCode < 500)) {
    const { code, message } = error;
    const details = error instanceof ApiError ? (error.details ?? []).map((detail) => detail.message) : [];
    return { code, message: [message, ...details].join(' ').slice(0, LONGEST_ERROR).toWellFormed() };
  }
  return undefined;
}
