import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { ApiError } from '../../../http/errors/api-error.js';
import { UUID } from '../../../http/validation/id.pipe.js';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import { Models } from '../../../platform/ai/models.js';
import type { Write } from '../../../platform/dynamodb/table.js';
import { IdSource, instantOf } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { CHAT_MESSAGE_TOO_LONG, CONVERSATION_NOT_FOUND } from '../chat.errors.js';
import { titleOf } from '../conversations/conversation.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import type { SendMessageDto } from '../dto/chat.dto.js';
import { type Message, MESSAGE_LENGTH } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { UsageService } from '../usage/usage.service.js';

/** Of one message: each may ask several models. */
const MOST_TRIES = 10;

/** Takes in what a user says: stored and counted in one transaction, before anybody is asked about it. From here on the request has the time of a message. */
@Injectable()
export class IntakeService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly models: Models,
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly usage: UsageService,
    private readonly ids: IdSource,
  ) {}

  /** Under the same Idempotency-Key it is the same message, counted once. */
  async accept(
    userId: string,
    { message: content, conversationId: place, model }: SendMessageDto,
  ): Promise<Message> {
    requestContext.current()?.allow(this.config.chat.deadlineMs);
    await this.models.assertKnown(model ?? undefined);
    const conversationId = place ?? undefined;
    if ([...content].length > MESSAGE_LENGTH) throw new ApiError(CHAT_MESSAGE_TOO_LONG);
    if (conversationId !== undefined && !UUID.test(conversationId))
      throw new ApiError(CONVERSATION_NOT_FOUND);
    const messageId = this.ids.next();
    const message: Message = {
      messageId,
      userId,
      conversationId: conversationId ?? this.ids.next(),
      timestamp: instantOf(messageId).toISOString(),
      role: 'user',
      content,
      model: null,
      tokens: null,
      actions: [],
      replyTo: null,
      answerId: null,
    };
    await untilCurrent(async () => {
      const written = await (conversationId === undefined
        ? this.beginning(userId, message)
        : this.goingOn(userId, message));
      await this.messages.commit([
        this.messages.saying(userId, message),
        written,
        this.usage.message(userId),
      ]);
    });
    if (requestContext.current()?.reservation?.resumed)
      await this.messages.tryAgain(userId, message, MOST_TRIES);
    return message;
  }

  private beginning(userId: string, { conversationId, content, timestamp }: Message): Write {
    return this.conversations.beginning(userId, conversationId, titleOf(content), timestamp);
  }

  private async goingOn(userId: string, { conversationId, content, timestamp }: Message): Promise<Write> {
    const { title } = await this.conversations.get(userId, conversationId, { consistent: true });
    const first = title === null ? titleOf(content) : undefined;
    return this.conversations.written(userId, conversationId, timestamp, first);
  }
}
