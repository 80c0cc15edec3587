import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { sumOf } from '../../../platform/ai/model.js';
import { IdSource, instantOf } from '../../../platform/ids.js';
import { inOrder } from '../actions/action.js';
import { MESSAGE_NOT_FOUND } from '../chat.errors.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import type { SentMessageResponse } from '../dto/chat.dto.js';
import type { Message } from '../messages/message.js';
import { AlreadyAnswered, MessagesRepository } from '../messages/messages.repository.js';
import { UsageService } from '../usage/usage.service.js';
import type { Outcome } from './dialogue.service.js';

/** Answers as they are stored: with model, tokens and actions, in one transaction, once a question. */
@Injectable()
export class AnswersService {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly conversations: ConversationsRepository,
    private readonly usage: UsageService,
    private readonly ids: IdSource,
  ) {}

  /** @returns the answer that stands: another one where another run of the same request was faster */
  async store(
    userId: string,
    asked: Message,
    { reply: { content, model, tokens }, rounds }: Outcome,
  ): Promise<Message> {
    const messageId = this.ids.after(asked.messageId);
    const answer: Message = {
      messageId,
      userId,
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
      return this.find(userId, asked);
    }
  }

  /** @throws {ApiError} MESSAGE_NOT_FOUND when there is none, or it was removed */
  async find(userId: string, { conversationId, messageId, ...known }: Message): Promise<Message> {
    const { answerId } = (await this.messages.find(userId, conversationId, messageId)) ?? known;
    const answer = answerId === null ? undefined : await this.messages.find(userId, conversationId, answerId);
    if (!answer) throw new ApiError(MESSAGE_NOT_FOUND);
    return answer;
  }

  /** What the client is told, with what is left of the day. */
  async shown(userId: string, asked: Message, answer: Message): Promise<SentMessageResponse> {
    const actions = [...answer.actions];
    return {
      userMessage: { ...asked, actions: [], answerId: answer.messageId },
      assistantMessage: { ...answer, actions },
      conversationId: asked.conversationId,
      actions,
      usage: await this.usage.allowance(userId),
    };
  }
}
