/** Why something was not done. */
export interface ActionError {
  readonly code: string;
  readonly message: string;
}

/** What a tool did for a message, as the message tells. */
export interface MessageAction {
  /** Of what waits to be confirmed. */
  readonly id: string | null;
  readonly tool: string;
  readonly status: 'done' | 'failed' | 'pending';
  /** What was done, or is to be, in a sentence. */
  readonly summary: string;
  /** What was made or changed, as a path of this API. */
  readonly resource: string | null;
  readonly error: ActionError | null;
  /** Until when what waits can be confirmed. */
  readonly expiresAt: string | null;
}

/** DynamoDB's maps have no order; what is answered has, so that its ETag stays. */
export const inOrder = ({
  id,
  tool,
  status,
  summary,
  resource,
  error,
  expiresAt,
}: MessageAction): MessageAction => ({
  id,
  tool,
  status,
  summary,
  resource,
  error: error && { code: error.code, message: error.message },
  expiresAt,
});

/** Something that is done only when its user confirms it. */
export interface Action {
  readonly id: string;
  readonly tool: string;
  /** As the model wrote them, already found good. */
  readonly arguments: string;
  /** Of what it is about: that is what was shown, and nothing else is done. */
  readonly version: number;
  readonly summary: string;
  readonly status: 'pending' | 'running' | 'done' | 'failed' | 'rejected';
  readonly conversationId: string;
  /** The message that asked for it. */
  readonly messageId: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly error: ActionError | null;
}
