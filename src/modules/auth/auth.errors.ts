import { answerWith, defineError } from '../../http/errors/api-error.js';
import { AUTH_NOT_ADMITTED, AUTH_UNAUTHORIZED, RATE_LIMITED } from '../../http/errors/common.errors.js';
import {
  AccessTokenRequired,
  AccountExists,
  BackupCodesUnsupported,
  ChallengeFailed,
  CodeInvalid,
  InvalidCredentials,
  NotAdmitted,
  NotConfirmed,
  PasswordRefused,
  PasswordResetRequired,
  RefreshInvalid,
  RefreshReused,
  RegistrationRefused,
  SecondFactorStanding,
  TokenRefused,
  TooManyFailures,
  TooManyMails,
  ValueRefused,
} from '../../platform/identity/identity-errors.js';
import { HashingBusy } from '../../platform/identity/local/password.js';

export const AUTH_INVALID_CREDENTIALS = defineError(
  'AUTH_INVALID_CREDENTIALS',
  401,
  'The address, the username or the password is wrong.',
);
export const AUTH_NOT_CONFIRMED = defineError(
  'AUTH_NOT_CONFIRMED',
  403,
  'The address is not confirmed yet. Confirm it by the code that was mailed to it.',
);
export const AUTH_PASSWORD_RESET_REQUIRED = defineError(
  'AUTH_PASSWORD_RESET_REQUIRED',
  403,
  'A new password is required. Ask for a code for one.',
);
export const AUTH_CHALLENGE_FAILED = defineError(
  'AUTH_CHALLENGE_FAILED',
  401,
  'The answer is wrong, or the sign-in took too long. Begin again.',
);
export const AUTH_USER_EXISTS = defineError(
  'AUTH_USER_EXISTS',
  409,
  'There is an account with this address.',
);
export const AUTH_VALUE_REFUSED = defineError(
  'AUTH_VALUE_REFUSED',
  400,
  'The identity provider does not take one of the values.',
);
export const AUTH_PASSWORD_POLICY = defineError('AUTH_PASSWORD_POLICY', 400, 'The password is too weak.');
export const AUTH_REGISTRATION_CLOSED = defineError(
  'AUTH_REGISTRATION_CLOSED',
  403,
  'This deployment takes no new accounts.',
);
export const AUTH_INVITE_REQUIRED = defineError(
  'AUTH_INVITE_REQUIRED',
  403,
  'This deployment takes new accounts by invitation only.',
);
export const AUTH_INVITE_INVALID = defineError(
  'AUTH_INVITE_INVALID',
  403,
  'The invitation code does not let this address in.',
);
export const AUTH_REFRESH_INVALID = defineError(
  'AUTH_REFRESH_INVALID',
  401,
  'The refresh token is not valid.',
);
export const AUTH_REFRESH_REUSED = defineError(
  'AUTH_REFRESH_REUSED',
  401,
  'The refresh token was used before. Sign in again.',
);
export const AUTH_CODE_INVALID = defineError(
  'AUTH_CODE_INVALID',
  400,
  'The code or the link is wrong, was used, or has expired.',
);
export const AUTH_ACCESS_TOKEN_REQUIRED = defineError(
  'AUTH_ACCESS_TOKEN_REQUIRED',
  403,
  'This takes the access token, not the id token.',
);
export const AUTH_RECENT_SIGN_IN_REQUIRED = defineError(
  'AUTH_RECENT_SIGN_IN_REQUIRED',
  403,
  'This takes the password, or a sign-in of the last 10 minutes. Sign in again.',
);
export const AUTH_LINK_INVALID = defineError(
  'AUTH_LINK_INVALID',
  400,
  'The link is wrong or has expired, or what it would undo has changed since.',
);
export const MFA_BACKUP_CODES_UNSUPPORTED = defineError(
  'MFA_BACKUP_CODES_UNSUPPORTED',
  409,
  'The identity provider has no backup codes.',
);
export const MFA_ENABLED = defineError(
  'MFA_ENABLED',
  409,
  'There is a second factor already. Remove it first.',
);
export const SESSION_NOT_FOUND = defineError('SESSION_NOT_FOUND', 404, 'There is no such session.');

answerWith(AccessTokenRequired, AUTH_ACCESS_TOKEN_REQUIRED);
answerWith(AccountExists, AUTH_USER_EXISTS);
answerWith(BackupCodesUnsupported, MFA_BACKUP_CODES_UNSUPPORTED);
answerWith(ChallengeFailed, AUTH_CHALLENGE_FAILED);
answerWith(CodeInvalid, AUTH_CODE_INVALID);
answerWith(InvalidCredentials, AUTH_INVALID_CREDENTIALS);
answerWith(NotAdmitted, AUTH_NOT_ADMITTED);
answerWith(NotConfirmed, AUTH_NOT_CONFIRMED);
answerWith(PasswordRefused, AUTH_PASSWORD_POLICY);
answerWith(PasswordResetRequired, AUTH_PASSWORD_RESET_REQUIRED);
answerWith(RefreshInvalid, AUTH_REFRESH_INVALID);
answerWith(RefreshReused, AUTH_REFRESH_REUSED);
answerWith(RegistrationRefused, AUTH_REGISTRATION_CLOSED);
answerWith(SecondFactorStanding, MFA_ENABLED);
answerWith(TokenRefused, AUTH_UNAUTHORIZED);
answerWith(TooManyMails, RATE_LIMITED, () => ({ headers: { 'Retry-After': '3600' } }));
answerWith(TooManyFailures, RATE_LIMITED, ({ retryAfterSeconds }) => ({
  headers: { 'Retry-After': String(retryAfterSeconds) },
}));
answerWith(HashingBusy, RATE_LIMITED, ({ retryAfterSeconds }) => ({
  headers: { 'Retry-After': String(retryAfterSeconds) },
}));
answerWith(ValueRefused, AUTH_VALUE_REFUSED);
