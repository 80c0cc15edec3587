import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { Clock } from '../../../platform/clock.js';
import { Contended, StaleVersion, untilCurrent } from '../../../platform/dynamodb/faults.js';
import { IdSource, instantOf } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { CHAT_ACTION_EXPIRED, CHAT_ACTION_IN_PROGRESS, CHAT_ACTION_SETTLED } from '../chat.errors.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import type { ActionResponse } from '../dto/action.dto.js';
import type { Message } from '../messages/message.js';
import { refusalOf } from '../tools/refusal.js';
import { argumentsOf, BadCall, ToolBox } from '../tools/tool-box.js';
import { type Arguments, type Caller, type GuardedTool, isGuarded } from '../tools/tool.js';
import type { Action, ActionError } from './action.js';
import { ActionsRepository, type StandingAction } from './actions.repository.js';

const WAITS_MS = 60 * 60 * 1000;
/** Longer than any request may run. */
const LOCK_MS = 30_000;

/** Where an action stands after a yes or a no: settled, or begun by this request. */
type Decided =
  | { readonly settled: StandingAction }
  /** `resumed` says that a run before this one may have done it. */
  | { readonly begun: StandingAction; readonly resumed: boolean };

/** What a model may only propose: it is done once, when its user says so, or never. */
@Injectable()
export class ActionsService {
  constructor(
    private readonly actions: ActionsRepository,
    private readonly conversations: ConversationsRepository,
    private readonly toolBox: ToolBox,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** @param asked by which message @throws {ApiError} when it cannot be done anyway, or its conversation is gone */
  async propose(caller: Caller, tool: GuardedTool, given: Arguments, asked: Message): Promise<Action> {
    const { summary, version } = await tool.propose(caller, given);
    const action = {
      id: this.ids.next(),
      tool: tool.name,
      arguments: JSON.stringify(given),
      version,
      summary,
      conversationId: asked.conversationId,
      messageId: asked.messageId,
      expiresAt: new Date(this.clock.now().getTime() + WAITS_MS).toISOString(),
    };
    const standing = this.conversations.standing(caller.id, asked.conversationId);
    return this.actions.create(caller.id, action, [standing]);
  }

  async get(userId: string, id: string): Promise<ActionResponse> {
    return this.shown((await this.actions.read(userId, id)).action);
  }

  /** To say the same again changes nothing. */
  async confirm(caller: Caller, id: string, approve: boolean): Promise<ActionResponse> {
    const decided = await untilCurrent(() => this.decide(caller.id, id, approve));
    if ('settled' in decided) return this.shown(decided.settled.action);
    return this.shown(await this.carryOut(caller, decided, approve));
  }

  private async decide(userId: string, id: string, approve: boolean): Promise<Decided> {
    const standing = await this.actions.read(userId, id);
    const { action, rowVersion, lockedUntil } = standing;
    const now = this.clock.now().getTime();
    const { status } = action;
    if (status === 'done' || status === 'failed' || status === 'rejected') {
      if (approve === (status === 'rejected')) throw new ApiError(CHAT_ACTION_SETTLED);
      return { settled: standing };
    }
    if (lockedUntil > now) {
      const seconds = String(Math.ceil((lockedUntil - now) / 1000));
      throw new ApiError(CHAT_ACTION_IN_PROGRESS, { headers: { 'Retry-After': seconds } });
    }
    const resumed = status === 'running';
    if (!resumed && Date.parse(action.expiresAt) <= now) throw new ApiError(CHAT_ACTION_EXPIRED);
    if (!resumed && !approve) return { settled: await this.actions.move(userId, id, rowVersion, 'rejected') };
    const lock = { lockedUntil: now + LOCK_MS };
    return { begun: await this.actions.move(userId, id, rowVersion, 'running', lock), resumed };
  }

  /** It is done in the version that was shown, or not at all. */
  private async carryOut(
    caller: Caller,
    { begun: { action, rowVersion }, resumed }: Extract<Decided, { readonly resumed: boolean }>,
    approve: boolean,
  ): Promise<Action> {
    const settle = async (...state: [Action['status'], { readonly error?: ActionError }?]) =>
      (await this.actions.move(caller.id, action.id, rowVersion, ...state)).action;
    try {
      const tool = this.toolBox.find(caller, action.tool);
      if (!isGuarded(tool)) throw new BadCall('UNKNOWN_TOOL', 'There is no such tool.');
      const given = argumentsOf(tool, action.arguments);
      const carryOut = () =>
        requestContext.reserving(action.id, instantOf(action.id).getTime(), () =>
          tool.carryOut(caller, given, [action.version]),
        );
      if (resumed && (await isDone(tool, caller, given))) {
        // Or begun: a goal that is being removed is nobody's any more, and its tasks may still be linked to it.
        await carryOut().catch((error: unknown) => {
          if (!(error instanceof StaleVersion || saysDone(tool, error))) throw error;
        });
        return await settle('done');
      }
      if (!approve) return await settle('rejected');
      if (Date.parse(action.expiresAt) <= this.clock.now().getTime()) throw new ApiError(CHAT_ACTION_EXPIRED);
      await carryOut();
      return await settle('done');
    } catch (error) {
      const refusal = error instanceof Contended ? undefined : refusalOf(error);
      if (refusal) return settle('failed', { error: refusal });
      // Nobody knows whether it was done: whoever decides again goes on, at once if this can be noted.
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

/** Whether a run before this one has done it: it could not be proposed any more. */
async function isDone(tool: GuardedTool, caller: Caller, given: Arguments): Promise<boolean> {
  try {
    await tool.propose(caller, given);
    return false;
  } catch (error) {
    if (saysDone(tool, error)) return true;
    throw error;
  }
}

const saysDone = ({ doneCode }: GuardedTool, error: unknown): boolean =>
  error instanceof ApiError && error.code === doneCode;
