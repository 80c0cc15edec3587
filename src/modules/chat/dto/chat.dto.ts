import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, Length, MinLength } from 'class-validator';
import { NamesId } from '../../../http/validation/validation.decorators.js';
import { MessageActionResponse } from './action.dto.js';
import { AllowanceResponse } from './usage.dto.js';
import type { MessageRole } from '../messages/message.js';

/** Clients that offer a choice of models send one of these words where nobody has chosen. */
const AnyModel = () =>
  Transform(({ value }: { value: unknown }) => (value === 'default' || value === 'auto' ? null : value));

export class SendMessageDto {
  /** @example add a task to restring the Telecaster on Friday */
  @IsString()
  @MinLength(1)
  @ApiProperty({ minLength: 1, maxLength: 5000 })
  message!: string;

  /** A new conversation begins without it. */
  @IsOptional()
  @NamesId()
  conversationId?: string | null;

  /** One of those that are configured, to be asked first; `default` and `auto` leave the choice to the server. */
  @AnyModel()
  @IsOptional()
  @IsString()
  @Length(1, 100)
  model?: string | null;
}

/** What a model's provider counts. */
export class TokenCountsResponse {
  in!: number;
  out!: number;
}

export class MessageResponse {
  /** @format uuid */
  messageId!: string;
  /** @format uuid */
  userId!: string;
  /** @format uuid */
  conversationId!: string;
  /** @format date-time */
  timestamp!: string;
  role!: MessageRole;
  content!: string;
  /** The model that wrote it. */
  model!: string | null;
  /** What writing it took, all rounds together. */
  tokens!: TokenCountsResponse | null;
  /** What was done for it, or waits to be confirmed. */
  actions!: MessageActionResponse[];
  /** Of an answer: its question. */
  replyTo!: string | null;
  /** Of a question: its answer, which may have been removed since; null where there was none. */
  answerId!: string | null;
}

export class SentMessageResponse {
  userMessage!: MessageResponse;
  assistantMessage!: MessageResponse;
  /** @format uuid */
  conversationId!: string;
  /** Those of the answer. */
  actions!: MessageActionResponse[];
  usage!: AllowanceResponse;
}

export class ToolResponse {
  /** @example create_quest */
  name!: string;
  description!: string;
  /** JSON Schema. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  parameters!: Record<string, unknown>;
  /** Whether it waits for the user to confirm it. */
  confirmed!: boolean;
}
