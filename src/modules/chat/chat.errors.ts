import { answerWith, defineError } from '../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import { ModelFailed, UnknownModel } from '../../platform/ai/model.js';

export const CONVERSATION_NOT_FOUND = defineError(
  'CONVERSATION_NOT_FOUND',
  404,
  'The conversation does not exist.',
);
export const MESSAGE_NOT_FOUND = defineError('MESSAGE_NOT_FOUND', 404, 'The message does not exist.');
export const CHAT_MESSAGE_TOO_LONG = defineError(
  'CHAT_MESSAGE_TOO_LONG',
  413,
  'A message has at most 5,000 characters.',
);
export const CHAT_QUOTA_EXCEEDED = defineError(
  'CHAT_QUOTA_EXCEEDED',
  429,
  'The messages of this day are used up. Wait as long as Retry-After says.',
);
export const CHAT_TRIES_EXCEEDED = defineError(
  'CHAT_TRIES_EXCEEDED',
  429,
  'The message was tried ten times under this Idempotency-Key. Send it under another one.',
);
export const AI_PROVIDER_ERROR = defineError(
  'AI_PROVIDER_ERROR',
  502,
  'The model gave no answer. The message is kept; sent again under the same Idempotency-Key it goes on where it was.',
);
export const CHAT_ACTION_NOT_FOUND = defineError('CHAT_ACTION_NOT_FOUND', 404, 'The action does not exist.');
export const CHAT_ACTION_SETTLED = defineError(
  'CHAT_ACTION_SETTLED',
  409,
  'The action was decided the other way.',
);
export const CHAT_ACTION_IN_PROGRESS = defineError(
  'CHAT_ACTION_IN_PROGRESS',
  409,
  'The action is being carried out.',
);
export const CHAT_ACTION_EXPIRED = defineError(
  'CHAT_ACTION_EXPIRED',
  410,
  'The action waited too long to be confirmed. Ask for it again.',
);

answerWith(ModelFailed, AI_PROVIDER_ERROR, ({ retryAfterSeconds = 5 }) => ({
  headers: { 'Retry-After': String(retryAfterSeconds) },
}));
answerWith(UnknownModel, VALIDATION_ERROR, ({ known }) => ({
  details: [{ field: 'model', code: 'isIn', message: `model must be one of ${known.join(', ')}` }],
}));
