import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { ModelFailed, type ModelReply } from '../../../platform/ai/model.js';
import { Models } from '../../../platform/ai/models.js';
import { requestContext } from '../../../platform/request-context.js';
import type { Message } from '../messages/message.js';
import type { Caller } from '../tools/tool.js';
import { UsageService } from '../usage/usage.service.js';
import { type Material, promptOf } from './prompt.js';
import { MOST_ROUNDS, type Round, roundOf } from './round.js';
import { RoundsRepository } from './rounds.repository.js';
import { ToolRuns } from './tool-runs.service.js';

/** What a model answered in the end, and what it had done before. */
export interface Outcome {
  readonly reply: ModelReply;
  readonly rounds: readonly Round[];
}

/** Asks a model, and has done what it asks for, up to five times. Each step is in the table before the next one begins. */
@Injectable()
export class DialogueService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly models: Models,
    private readonly toolRuns: ToolRuns,
    private readonly rounds: RoundsRepository,
    private readonly usage: UsageService,
  ) {}

  /** Goes on where a run before this one was. @throws {ModelFailed} */
  async hold(
    caller: Caller,
    asked: Message,
    material: Material,
    model: string | undefined,
  ): Promise<Outcome> {
    const tools = this.toolRuns.offered(caller);
    const rounds: Round[] = [];
    for (const round of await this.begun(caller, asked))
      rounds.push(await this.carriedOut(caller, asked, round));
    for (;;) {
      const mayCall = rounds.length < MOST_ROUNDS;
      const question = { ...material, message: asked.content, rounds, tools };
      const messages = promptOf(question, this.config.ai.promptTokens);
      const { today } = material;
      const reply = await this.counted(caller, this.models.reply({ messages, tools, mayCall, today, model }));
      if (reply.toolCalls.length === 0) return { reply, rounds };
      const round = roundOf(rounds.length, reply);
      await this.rounds.open(caller.id, asked, round);
      rounds.push(await this.carriedOut(caller, asked, round));
    }
  }

  /** Of a run before this one, under the same Idempotency-Key. */
  private async begun({ id }: Caller, asked: Message): Promise<Round[]> {
    return requestContext.current()?.reservation?.resumed ? this.rounds.list(id, asked) : [];
  }

  private async carriedOut(caller: Caller, asked: Message, round: Round): Promise<Round> {
    if (round.results) return round;
    const results = await this.toolRuns.run(caller, asked, round);
    await this.rounds.close(caller.id, asked, round, results);
    return { ...round, results };
  }

  /** What models took that gave nothing is counted as well. */
  private async counted({ id }: Caller, asking: Promise<ModelReply>): Promise<ModelReply> {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof ModelFailed && error.tokens.in > 0) await this.usage.note(id, error.tokens);
      throw error;
    }
  }
}
