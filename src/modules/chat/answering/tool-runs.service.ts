import { Injectable } from '@nestjs/common';
import type { ToolDescription } from '../../../platform/ai/model.js';
import { instantOf } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { ActionsService } from '../actions/actions.service.js';
import type { MessageAction } from '../actions/action.js';
import { CONVERSATION_NOT_FOUND } from '../chat.errors.js';
import type { Message } from '../messages/message.js';
import { refusalOf } from '../tools/refusal.js';
import { argumentsOf, BadCall, ToolBox } from '../tools/tool-box.js';
import { type Caller, isGuarded } from '../tools/tool.js';
import { resultText, type Round, type RoundCall, type RoundResult } from './round.js';

const REFUSALS = {
  ARGUMENTS_TOO_LARGE: 'The arguments are too large.',
  TOO_MANY_CALLS: 'So many tools cannot be called at once.',
};

const NOTHING = { id: null, resource: null, error: null, expiresAt: null };

/** Does what a model asked for, with the caller's own rights and no others. */
@Injectable()
export class ToolRuns {
  constructor(
    private readonly toolBox: ToolBox,
    private readonly actions: ActionsService,
  ) {}

  /** What a caller's model is told that it may have done. */
  offered(caller: Caller): ToolDescription[] {
    return this.toolBox
      .of(caller)
      .map(({ name, description, parameters }) => ({ name, description, parameters }));
  }

  /** One after the other. A run that is repeated meets what the first one made. */
  async run(caller: Caller, asked: Message, round: Round): Promise<RoundResult[]> {
    const startedAt = instantOf(asked.messageId).getTime();
    const results: RoundResult[] = [];
    for (const [position, call] of round.calls.entries()) {
      const seed = `${asked.messageId}#${round.number}#${position}`;
      const one = () => this.runOne(caller, asked, call, round.calls.length);
      results.push(await requestContext.reserving(seed, startedAt, one));
    }
    return results;
  }

  private async runOne(caller: Caller, asked: Message, call: RoundCall, calls: number): Promise<RoundResult> {
    const { name } = call;
    try {
      if (call.refused) throw new BadCall(call.refused, REFUSALS[call.refused]);
      const tool = this.toolBox.find(caller, name);
      const given = argumentsOf(tool, call.arguments);
      if (isGuarded(tool)) {
        const { id, summary, expiresAt } = await this.actions.propose(caller, tool, given, asked);
        const action: MessageAction = { ...NOTHING, id, tool: name, status: 'pending', summary, expiresAt };
        return { content: JSON.stringify({ pending: { actionId: id, summary, expiresAt } }), action };
      }
      const { result, summary, resource = null } = await tool.run(caller, given);
      const action: MessageAction = { ...NOTHING, tool: name, status: 'done', summary, resource };
      return { content: resultText(result, calls), action };
    } catch (thrown) {
      const error = refusalOf(thrown);
      // Without its conversation there is nobody to tell.
      if (!error || error.code === CONVERSATION_NOT_FOUND.code) throw thrown;
      const action: MessageAction = {
        ...NOTHING,
        tool: name,
        status: 'failed',
        summary: error.message,
        error,
      };
      return { content: JSON.stringify({ error }), action };
    }
  }
}
