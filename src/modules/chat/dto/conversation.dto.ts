import { IsBoolean, IsIn, IsOptional, IsString, Length } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import {
  AsBoolean,
  AsInstant,
  IsInstant,
  IsOmittable,
  OneLine,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';

const ORDERS = ['asc', 'desc'] as const;

export class CreateConversationDto {
  /** Without it, the first words of the first message. @example Strings and setup */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;
}

/** Changes the given fields. */
@ReadOnlyFields('id', 'lastMessageAt', 'createdAt', 'updatedAt', 'version')
export class UpdateConversationDto {
  /** @example Strings and setup */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;

  /** What is archived can be left out of the list, and can still be written in. @example true */
  @IsOmittable()
  @IsBoolean()
  archived?: boolean;
}

export class ConversationsQuery extends PageQuery {
  /** Only what is archived, or only what is not; both without it. */
  @IsOptional()
  @AsBoolean()
  @IsBoolean()
  archived?: boolean;
}

export class ConversationMessagesQuery extends PageQuery {
  /** Oldest first, or newest first. */
  @IsIn(ORDERS)
  order?: (typeof ORDERS)[number] = 'asc';
}

export class TimelineQuery extends ConversationMessagesQuery {
  /** The first instant. @example 2025-06-25T00:00:00Z */
  @IsOptional()
  @IsInstant()
  @AsInstant()
  from?: string;

  /** The last instant. @example 2025-06-26T00:00:00Z */
  @IsOptional()
  @IsInstant()
  @AsInstant()
  to?: string;
}

export class RemoveMessagesQuery {
  /** Removes what was said earlier, and conversations that ended earlier; all without it. */
  @IsOptional()
  @IsInstant()
  @AsInstant()
  before?: string;
}

export class ConversationResponse {
  /** @format uuid */
  id!: string;
  /** Null until there is a message to take it from. */
  title!: string | null;
  archived!: boolean;
  /** @format date-time */
  lastMessageAt!: string | null;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}

/** One message that went. */
export class RemovedMessageResponse {
  /** @format uuid */
  id!: string;
  /** Another name of `id`. @format uuid */
  messageId!: string;
  deleted!: true;
}

export class RemovedMessagesResponse {
  /** Messages that went. */
  deleted!: number;
  /** False where the time for an answer ended first: the same request goes on. */
  complete!: boolean;
}
