import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import type { SeenVersions } from '../../../platform/dynamodb/faults.js';
import type { Page } from '../../../platform/dynamodb/item.js';
import { IdSource } from '../../../platform/ids.js';
import { MESSAGE_NOT_FOUND } from '../chat.errors.js';
import type {
  ConversationMessagesQuery,
  ConversationsQuery,
  CreateConversationDto,
  RemovedMessageResponse,
  TimelineQuery,
  UpdateConversationDto,
} from '../dto/conversation.dto.js';
import type { Message } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { Conversation } from './conversation.js';
import { RemovalService } from './removal.service.js';
import { ConversationsRepository } from './conversations.repository.js';

@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly removal: RemovalService,
    private readonly ids: IdSource,
  ) {}

  create(userId: string, { title }: CreateConversationDto): Promise<Conversation> {
    return this.conversations.create(userId, this.ids.next(), title ?? null);
  }

  list(userId: string, query: ConversationsQuery & Paged): Promise<Page<Conversation>> {
    return this.conversations.page(userId, query.archived, query);
  }

  get(userId: string, id: string): Promise<Conversation> {
    return this.conversations.get(userId, id);
  }

  update(
    userId: string,
    id: string,
    change: UpdateConversationDto,
    versions: SeenVersions,
  ): Promise<Conversation> {
    return this.conversations.update(userId, id, change, versions);
  }

  async listMessages(
    userId: string,
    id: string,
    query: ConversationMessagesQuery & Paged,
  ): Promise<Page<Message>> {
    const [page] = await Promise.all([
      this.messages.page(userId, id, query.order ?? 'asc', query),
      this.conversations.get(userId, id),
    ]);
    return page;
  }

  listTimeline(userId: string, query: TimelineQuery & Paged): Promise<Page<Message>> {
    const { from, to, order = 'asc' } = query;
    const span = { from: from && new Date(from), to: to && new Date(to) } as { from?: Date; to?: Date };
    return this.messages.timeline(userId, span, order, query);
  }

  async removeMessage(userId: string, id: string, messageId: string): Promise<RemovedMessageResponse> {
    await this.conversations.get(userId, id);
    const message = await this.messages.find(userId, id, messageId);
    if (!message) throw new ApiError(MESSAGE_NOT_FOUND);
    await this.removal.removeMessage(userId, message);
    return { id: messageId, messageId, deleted: true };
  }
}
