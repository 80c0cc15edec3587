import { IsBoolean } from 'class-validator';

export class ConfirmActionDto {
  /** False rejects it. @example true */
  @IsBoolean()
  approve!: boolean;
}

export class ActionErrorResponse {
  code!: string;
  message!: string;
}

/** What a tool did for a message, as it stood when the message was answered. */
export class MessageActionResponse {
  /** Of what waits to be confirmed. @format uuid */
  id!: string | null;
  /** @example create_quest */
  tool!: string;
  status!: 'done' | 'failed' | 'pending';
  /** @example Added the task “Restring the Telecaster” */
  summary!: string;
  /** What was made or changed, as a path of this API. */
  resource!: string | null;
  error!: ActionErrorResponse | null;
  /** Until when what waits can be confirmed. @format date-time */
  expiresAt!: string | null;
}

/** Something that is done only when its user confirms it. */
export class ActionResponse {
  /** @format uuid */
  id!: string;
  /** @example delete_quest */
  tool!: string;
  /** @example Delete the task “Restring the Telecaster” */
  summary!: string;
  status!: 'pending' | 'running' | 'done' | 'failed' | 'rejected' | 'expired';
  /** @format uuid */
  conversationId!: string;
  /** The message that asked for it. @format uuid */
  messageId!: string;
  error!: ActionErrorResponse | null;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  expiresAt!: string;
}
