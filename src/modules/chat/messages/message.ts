import type { Tokens } from '../../../platform/ai/model.js';
import type { MessageAction } from '../actions/action.js';

export const MESSAGE_LENGTH = 5000;

export type MessageRole = 'user' | 'assistant';

/** Something that was said. It is never changed, but for a question's note of where its answer is. */
export interface Message {
  readonly messageId: string;
  readonly userId: string;
  readonly conversationId: string;
  readonly timestamp: string;
  readonly role: MessageRole;
  readonly content: string;
  /** The model that wrote it. */
  readonly model: string | null;
  /** What writing it took, all rounds together. */
  readonly tokens: Tokens | null;
  /** What was done for it, or waits to be confirmed. */
  readonly actions: readonly MessageAction[];
  /** Of an answer: its question. */
  readonly replyTo: string | null;
  /** Of a question: its answer; null while there is none. */
  readonly answerId: string | null;
}
