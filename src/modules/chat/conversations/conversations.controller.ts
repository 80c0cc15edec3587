import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../../http/envelope/etag.js';
import { CreatedAt } from '../../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED } from '../../../http/errors/common.errors.js';
import { Idempotent } from '../../../http/idempotency/idempotent.decorator.js';
import { Fails, Gives, GivesPage } from '../../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../../http/openapi/removed.dto.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { Update } from '../../../http/request/update.decorator.js';
import { CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND } from '../chat.errors.js';
import { MessageResponse } from '../dto/chat.dto.js';
import {
  ConversationMessagesQuery,
  ConversationResponse,
  RemovedMessageResponse,
  ConversationsQuery,
  CreateConversationDto,
  UpdateConversationDto,
} from '../dto/conversation.dto.js';
import { ConversationsService } from './conversations.service.js';
import { RemovalService } from './removal.service.js';

const ConversationId = () => Param('id', idOf(CONVERSATION_NOT_FOUND));

@ApiTags('Chat')
@Controller('chat/conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly removal: RemovalService,
  ) {}

  /** Begins a conversation; a message without one begins one too. */
  @Post()
  @Idempotent()
  @CreatedAt('/v1/chat/conversations/:id')
  @ApiBody({ type: CreateConversationDto, required: false })
  @Gives(ConversationResponse, 201)
  createConversation(@CurrentUser() user: CurrentUser, @Body() body: CreateConversationDto) {
    return this.conversations.create(user.id, body);
  }

  /** Last written in first. */
  @Get()
  @GivesPage(ConversationResponse)
  listConversations(@CurrentUser() user: CurrentUser, @Query() query: ConversationsQuery) {
    return this.conversations.list(user.id, query as ConversationsQuery & Paged);
  }

  /** One conversation, without its messages. */
  @Get(':id')
  @Gives(ConversationResponse)
  @Fails(CONVERSATION_NOT_FOUND)
  getConversation(@CurrentUser() user: CurrentUser, @ConversationId() id: string) {
    return this.conversations.get(user.id, id);
  }

  /** Renames a conversation, or archives it. */
  @Update(':id', 'patch')
  @Gives(ConversationResponse)
  @Fails(CONVERSATION_NOT_FOUND, PRECONDITION_FAILED)
  updateConversation(
    @CurrentUser() user: CurrentUser,
    @ConversationId() id: string,
    @Body() body: UpdateConversationDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.conversations.update(user.id, id, body, versions);
  }

  /** Removes a conversation with all that is in it. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(CONVERSATION_NOT_FOUND, PRECONDITION_FAILED)
  removeConversation(
    @CurrentUser() user: CurrentUser,
    @ConversationId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.removal.remove(user.id, id, versions);
  }

  /** What was said in a conversation, oldest first. */
  @Get(':id/messages')
  @GivesPage(MessageResponse)
  @Fails(CONVERSATION_NOT_FOUND)
  listMessages(
    @CurrentUser() user: CurrentUser,
    @ConversationId() id: string,
    @Query() query: ConversationMessagesQuery,
  ) {
    return this.conversations.listMessages(user.id, id, query as ConversationMessagesQuery & Paged);
  }

  /** Removes one message. Messages cannot be changed. */
  @Delete(':id/messages/:messageId')
  @Gives(RemovedMessageResponse)
  @Fails(CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND)
  removeMessage(
    @CurrentUser() user: CurrentUser,
    @ConversationId() id: string,
    @Param('messageId', idOf(MESSAGE_NOT_FOUND)) messageId: string,
  ) {
    return this.conversations.removeMessage(user.id, id, messageId);
  }
}
