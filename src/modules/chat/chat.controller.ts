import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { VALIDATION_ERROR, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Idempotent } from '../../http/idempotency/idempotent.decorator.js';
import { Fails, Gives, GivesArray, GivesPage, Takes } from '../../http/openapi/describe.decorators.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { ActionsService } from './actions/actions.service.js';
import { AnsweringService } from './answering/answering.service.js';
import {
  AI_PROVIDER_ERROR,
  CHAT_ACTION_EXPIRED,
  CHAT_ACTION_IN_PROGRESS,
  CHAT_ACTION_NOT_FOUND,
  CHAT_ACTION_SETTLED,
  CHAT_MESSAGE_TOO_LONG,
  CHAT_QUOTA_EXCEEDED,
  CHAT_TRIES_EXCEEDED,
  CONVERSATION_NOT_FOUND,
  MESSAGE_NOT_FOUND,
} from './chat.errors.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { RemovalService } from './conversations/removal.service.js';
import { ActionResponse, ConfirmActionDto } from './dto/action.dto.js';
import { MessageResponse, SendMessageDto, SentMessageResponse, ToolResponse } from './dto/chat.dto.js';
import { RemovedMessagesResponse, RemoveMessagesQuery, TimelineQuery } from './dto/conversation.dto.js';
import { UsageQuery, UsageResponse } from './dto/usage.dto.js';
import { ToolBox } from './tools/tool-box.js';
import { UsageService } from './usage/usage.service.js';

const ActionId = () => Param('id', idOf(CHAT_ACTION_NOT_FOUND));

@ApiTags('Chat')
@Controller('chat')
export class ChatController {
  constructor(
    private readonly answering: AnsweringService,
    private readonly conversations: ConversationsService,
    private readonly removal: RemovalService,
    private readonly actions: ActionsService,
    private readonly usage: UsageService,
    private readonly toolBox: ToolBox,
  ) {}

  /** Says something to the assistant. What it cannot answer is kept, and is asked again under the same Idempotency-Key. */
  @Post(['messages', ''])
  @RateLimit('chat')
  @Idempotent()
  @CreatedAt('/v1/chat/conversations/:conversationId/messages')
  @Takes({ message: 'add a task to restring the Telecaster on Friday' })
  @Gives(SentMessageResponse, 201)
  @Fails(CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND, WRITE_CONFLICT, VALIDATION_ERROR)
  @Fails(CHAT_MESSAGE_TOO_LONG, CHAT_QUOTA_EXCEEDED, CHAT_TRIES_EXCEEDED, AI_PROVIDER_ERROR)
  sendMessage(@CurrentUser() user: CurrentUser, @Body() body: SendMessageDto) {
    return this.answering.send(user, body);
  }

  /** Everything that was said in all conversations, oldest first. */
  @Get(['messages', 'history'])
  @GivesPage(MessageResponse)
  listTimeline(@CurrentUser() user: CurrentUser, @Query() query: TimelineQuery) {
    return this.conversations.listTimeline(user.id, query as TimelineQuery & Paged);
  }

  /** Removes what was said, and the conversations that it leaves empty. */
  @Delete('messages')
  @Gives(RemovedMessagesResponse)
  removeMessages(@CurrentUser() user: CurrentUser, @Query() { before }: RemoveMessagesQuery) {
    return this.removal.removeMessages(user.id, before);
  }

  /** What the assistant can do for the caller. */
  @Get('tools')
  @GivesArray(ToolResponse)
  listTools(@CurrentUser() user: CurrentUser) {
    return this.toolBox.describe(user);
  }

  /** What was used day by day (UTC), and what is left of today. */
  @Get('usage')
  @Gives(UsageResponse)
  getUsage(@CurrentUser() user: CurrentUser, @Query() query: UsageQuery) {
    return this.usage.report(user.id, query);
  }

  /** Something that waits, or waited, to be confirmed. */
  @Get('actions/:id')
  @Gives(ActionResponse)
  @Fails(CHAT_ACTION_NOT_FOUND)
  getAction(@CurrentUser() user: CurrentUser, @ActionId() id: string) {
    return this.actions.get(user.id, id);
  }

  /** Has it done, once, or rejects it. To say the same again changes nothing. */
  @Post('actions/:id/confirm')
  @HttpCode(200)
  @Gives(ActionResponse)
  @Fails(CHAT_ACTION_NOT_FOUND, CHAT_ACTION_SETTLED, CHAT_ACTION_IN_PROGRESS, CHAT_ACTION_EXPIRED)
  @Fails(WRITE_CONFLICT)
  confirmAction(
    @CurrentUser() user: CurrentUser,
    @ActionId() id: string,
    @Body() { approve }: ConfirmActionDto,
  ) {
    return this.actions.confirm(user, id, approve);
  }
}
