import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { ApiError } from '../../../http/errors/api-error.js';
import type { ModelReply, Tokens } from '../../../platform/ai/model.js';
import { Models } from '../../../platform/ai/models.js';
import { IdSource, instantOf } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { MESSAGE_NOT_FOUND } from '../chat.errors.js';
import { inOrder } from '../actions/action.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import type { SendMessageDto, SentMessageResponse } from '../dto/chat.dto.js';
import type { Message } from '../messages/message.js';
import { AlreadyAnswered, MessagesRepository } from '../messages/messages.repository.js';
import { ToolBox } from '../tools/tool-box.js';
import type { Caller } from '../tools/tool.js';
import { UsageService } from '../usage/usage.service.js';
import { IntakeService } from './intake.service.js';
import { MaterialService } from './material.service.js';
import { type Material, promptOf } from './prompt.js';
import { MOST_ROUNDS, type Round, roundOf } from './round.js';
import { RoundsRepository } from './rounds.repository.js';
import { ToolRuns } from './tool-runs.service.js';

/**
 * Answers a message: it is stored, then a model is asked, which may have tools called up to five times; then the answer is
 * stored with all that was done for it. Every step is in the table before the next one begins, so that a message which
 * was not answered is kept, and the same request goes on where it was.
 */
@Injectable()
export class AnsweringService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly intake: IntakeService,
    private readonly material: MaterialService,
    private readonly models: Models,
    private readonly toolBox: ToolBox,
    private readonly toolRuns: ToolRuns,
    private readonly rounds: RoundsRepository,
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly usage: UsageService,
    private readonly ids: IdSource,
  ) {}

  /** @throws {ModelFailed} when there is no answer that can be used; the message is kept */
  async send(caller: Caller, body: SendMessageDto): Promise<SentMessageResponse> {
    const request = requestContext.current();
    request?.allow(this.config.chat.deadlineMs);
    const model = body.model ?? undefined;
    await this.models.assertKnown(model);
    const accepted = await this.intake.accept(caller.id, body);
    // Only under an Idempotency-Key can there be anything of a run before this one.
    const [{ message: asked, material }, rounds] = await Promise.all([
      this.material.of(caller.id, accepted),
      request?.reservation ? this.rounds.list(caller.id, accepted) : [],
    ]);
    if (!asked) throw new ApiError(MESSAGE_NOT_FOUND);
    const answer =
      asked.answerId === null
        ? await this.answer(caller, asked, material, rounds, model)
        : await this.findAnswer(caller.id, asked);
    return {
      userMessage: { ...asked, actions: [], answerId: answer.messageId },
      assistantMessage: { ...answer, actions: [...answer.actions] },
      conversationId: asked.conversationId,
      actions: [...answer.actions],
      usage: await this.usage.allowance(caller.id),
    };
  }

  /** @param begun by a run before this one */
  private async answer(
    caller: Caller,
    asked: Message,
    material: Material,
    begun: readonly Round[],
    model: string | undefined,
  ): Promise<Message> {
    const tools = this.toolBox
      .of(caller)
      .map(({ name, description, parameters }) => ({ name, description, parameters }));
    const rounds: Round[] = [];
    for (const round of begun) rounds.push(await this.carriedOut(caller, asked, round));
    for (;;) {
      const mayCall = rounds.length < MOST_ROUNDS;
      const question = { ...material, message: asked.content, rounds, tools };
      const messages = promptOf(question, this.config.ai.promptTokens);
      const { today } = material;
      const reply = await this.models.reply({ messages, tools, mayCall, today, model });
      if (!mayCall || reply.toolCalls.length === 0) return this.store(caller.id, asked, reply, rounds);
      const round = roundOf(rounds.length, reply);
      await this.rounds.open(caller.id, asked, round, [
        this.conversations.standing(caller.id, asked.conversationId),
        this.usage.tokens(caller.id, reply.tokens),
      ]);
      rounds.push(await this.carriedOut(caller, asked, round));
    }
  }

  private async carriedOut(caller: Caller, asked: Message, round: Round): Promise<Round> {
    if (round.results) return round;
    const results = await this.toolRuns.run(caller, asked, round);
    await this.rounds.close(caller.id, asked, round, results);
    return { ...round, results };
  }

  private async store(
    userId: string,
    asked: Message,
    { content, model, tokens }: ModelReply,
    rounds: readonly Round[],
  ): Promise<Message> {
    const messageId = this.ids.after(asked.messageId);
    const answer: Message = {
      messageId,
      conversationId: asked.conversationId,
      timestamp: instantOf(messageId).toISOString(),
      role: 'assistant',
      content,
      model,
      tokens: sumOf([...rounds.map((round) => round.tokens), tokens]),
      actions: rounds.flatMap(({ results = [] }) => results.map(({ action }) => inOrder(action))),
      replyTo: asked.messageId,
      answerId: null,
    };
    try {
      await this.messages.commit([
        this.conversations.written(userId, asked.conversationId, answer.timestamp),
        this.messages.answered(userId, asked, messageId),
        this.messages.saying(userId, answer),
        this.usage.tokens(userId, tokens),
      ]);
      return answer;
    } catch (error) {
      if (!(error instanceof AlreadyAnswered)) throw error;
      return this.findAnswer(userId, asked);
    }
  }

  private async findAnswer(userId: string, asked: Message): Promise<Message> {
    const { conversationId, messageId } = asked;
    const { answerId } = (await this.messages.find(userId, conversationId, messageId)) ?? asked;
    const answer = answerId === null ? undefined : await this.messages.find(userId, conversationId, answerId);
    if (!answer) throw new ApiError(MESSAGE_NOT_FOUND);
    return answer;
  }
}

const sumOf = (parts: readonly Tokens[]): Tokens => ({
  in: parts.reduce((sum, tokens) => sum + tokens.in, 0),
  out: parts.reduce((sum, tokens) => sum + tokens.out, 0),
});
