import { defineError } from './api-error.js';

/** What any route may answer. */
export const BAD_REQUEST = defineError('BAD_REQUEST', 400, 'The request cannot be understood.');
export const MALFORMED_JSON = defineError('MALFORMED_JSON', 400, 'The body is not valid JSON in UTF-8.');
export const VALIDATION_ERROR = defineError('VALIDATION_ERROR', 400, 'The request has invalid fields.');
export const CURSOR_INVALID = defineError(
  'CURSOR_INVALID',
  400,
  'The cursor was not made for this list, or not by this API.',
);
export const IDEMPOTENCY_KEY_INVALID = defineError(
  'IDEMPOTENCY_KEY_INVALID',
  400,
  'Idempotency-Key must have 1 to 255 printable ASCII characters.',
);
export const IDEMPOTENCY_KEY_NOT_ALLOWED = defineError(
  'IDEMPOTENCY_KEY_NOT_ALLOWED',
  400,
  'This route takes no Idempotency-Key.',
);
export const AUTH_UNAUTHORIZED = defineError(
  'AUTH_UNAUTHORIZED',
  401,
  'A valid access or id token is required.',
);
export const AUTH_TOKEN_EXPIRED = defineError('AUTH_TOKEN_EXPIRED', 401, 'The token has expired.');
export const AUTH_NOT_ADMITTED = defineError(
  'AUTH_NOT_ADMITTED',
  403,
  'The user pool knows you, but you are not admitted here. Confirm your address, or accept an invitation.',
);
export const AUTH_FORBIDDEN = defineError('AUTH_FORBIDDEN', 403, 'Your role does not allow this.');
export const ORIGIN_REFUSED = defineError(
  'ORIGIN_REFUSED',
  403,
  'This API is reached through its own address alone.',
);
export const NOT_FOUND = defineError('NOT_FOUND', 404, 'There is nothing at this address.');
export const METHOD_NOT_ALLOWED = defineError(
  'METHOD_NOT_ALLOWED',
  405,
  'This address does not take that method.',
);
/** Of a connection that stops half-way through a request; before it reaches a route. */
export const REQUEST_TIMEOUT = defineError(
  'REQUEST_TIMEOUT',
  408,
  'The request did not arrive in time. Send it again.',
);
export const IDEMPOTENCY_IN_PROGRESS = defineError(
  'IDEMPOTENCY_IN_PROGRESS',
  409,
  'A request with this Idempotency-Key is being worked on.',
);
export const WRITE_CONFLICT = defineError(
  'WRITE_CONFLICT',
  409,
  'The resource is being changed by others at the same time. Try again.',
);
export const PRECONDITION_FAILED = defineError(
  'PRECONDITION_FAILED',
  412,
  'The resource has changed since the version that If-Match names.',
);
export const PAYLOAD_TOO_LARGE = defineError(
  'PAYLOAD_TOO_LARGE',
  413,
  'The body is larger than this route takes.',
);
export const URI_TOO_LONG = defineError(
  'URI_TOO_LONG',
  414,
  'The address is too long: with the headers it may have 16 KB.',
);
export const UNSUPPORTED_MEDIA_TYPE = defineError(
  'UNSUPPORTED_MEDIA_TYPE',
  415,
  'The body must be application/json in UTF-8, without a content encoding; on import it may be text/csv.',
);
export const EXPECTATION_FAILED = defineError(
  'EXPECTATION_FAILED',
  417,
  'Of all expectations (Expect) only 100-continue is met.',
);
export const MISDIRECTED_REQUEST = defineError(
  'MISDIRECTED_REQUEST',
  421,
  'This server does not answer to this name. PUBLIC_URL or ALLOWED_HOSTS says which names it has.',
);
export const IDEMPOTENCY_MISMATCH = defineError(
  'IDEMPOTENCY_MISMATCH',
  422,
  'This Idempotency-Key was used with another request.',
);
export const RATE_LIMITED = defineError(
  'RATE_LIMITED',
  429,
  'Too many requests. Wait as long as Retry-After says.',
);
export const HEADERS_TOO_LARGE = defineError(
  'HEADERS_TOO_LARGE',
  431,
  'The headers are too large: together they may have 16 KB.',
);
export const INTERNAL_ERROR = defineError('INTERNAL_ERROR', 500, 'Something went wrong on our side.');
export const SERVICE_UNAVAILABLE = defineError(
  'SERVICE_UNAVAILABLE',
  503,
  'A service this API depends on does not answer. Try again after Retry-After.',
);
