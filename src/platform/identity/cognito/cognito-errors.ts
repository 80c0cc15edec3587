import { ServiceUnavailable, wasRetried } from '../../faults.js';
import {
  AccountExists,
  ChallengeFailed,
  CodeInvalid,
  InvalidCredentials,
  NotConfirmed,
  PasswordRefused,
  PasswordResetRequired,
  RefreshInvalid,
  RefreshReused,
  RegistrationRefused,
  TokenRefused,
  TooManyFailures,
  ValueRefused,
} from '../identity-errors.js';

/** There is no such user: for some callers a refusal, for others what they wanted. */
export class UserUnknown extends Error {
  override readonly name = 'UserUnknown';
}

/** Nothing to be done, and nothing to be said: an answer to anybody would tell who has an account. */
export class NothingToDo extends Error {
  override readonly name = 'NothingToDo';
}

const LIMIT_EXCEEDED_SECONDS = 15 * 60;

/** What an error of Cognito means here. `unavailable` is also a pool or a role that is not set up as it should be. */
const MEANINGS = {
  'account-exists': () => new AccountExists(),
  'challenge-failed': () => new ChallengeFailed(),
  'code-invalid': () => new CodeInvalid(),
  credentials: () => new InvalidCredentials(),
  'not-confirmed': () => new NotConfirmed(),
  nothing: () => new NothingToDo(),
  'password-refused': () => new PasswordRefused(),
  'refresh-invalid': () => new RefreshInvalid(),
  'refresh-reused': () => new RefreshReused(),
  refused: () => new RegistrationRefused(),
  'reset-required': () => new PasswordResetRequired(),
  throttled: () => new TooManyFailures(LIMIT_EXCEEDED_SECONDS),
  'token-refused': () => new TokenRefused(),
  unavailable: (cause: unknown) => new ServiceUnavailable(cause),
  'user-unknown': () => new UserUnknown(),
  'value-refused': () => new ValueRefused(),
} as const;
export type Meaning = keyof typeof MEANINGS;

/** What means the same wherever it comes from. */
const EVERYWHERE: Readonly<Record<string, Meaning>> = {
  CodeDeliveryFailureException: 'unavailable',
  ConcurrentModificationException: 'unavailable',
  FeatureUnavailableInTierException: 'unavailable',
  ForbiddenException: 'throttled',
  InternalErrorException: 'unavailable',
  InvalidEmailRoleAccessPolicyException: 'unavailable',
  InvalidLambdaResponseException: 'unavailable',
  InvalidPasswordException: 'password-refused',
  InvalidSmsRoleAccessPolicyException: 'unavailable',
  InvalidSmsRoleTrustRelationshipException: 'unavailable',
  InvalidUserPoolConfigurationException: 'unavailable',
  LimitExceededException: 'throttled',
  OperationNotEnabledException: 'unavailable',
  PasswordHistoryPolicyViolationException: 'password-refused',
  PasswordResetRequiredException: 'reset-required',
  ResourceNotFoundException: 'unavailable',
  TooManyFailedAttemptsException: 'throttled',
  TooManyRequestsException: 'unavailable',
  UnexpectedLambdaException: 'unavailable',
  UnsupportedOperationException: 'unavailable',
};

/** With the caller's own access token. */
const BY_TOKEN: Readonly<Record<string, Meaning>> = {
  InvalidParameterException: 'value-refused',
  NotAuthorizedException: 'token-refused',
  UserNotConfirmedException: 'token-refused',
  UserNotFoundException: 'token-refused',
};

/** With the function's own rights: what is wrong is wrong with the deployment. */
const BY_ADMINISTRATOR: Readonly<Record<string, Meaning>> = {
  AliasExistsException: 'unavailable',
  InvalidParameterException: 'unavailable',
  NotAuthorizedException: 'unavailable',
  UserLambdaValidationException: 'unavailable',
  UserNotFoundException: 'user-unknown',
};

/** Where any refusal would tell who has an account. */
const SILENTLY: Readonly<Record<string, Meaning>> = {
  CodeDeliveryFailureException: 'nothing',
  InvalidParameterException: 'nothing',
  LimitExceededException: 'nothing',
  NotAuthorizedException: 'nothing',
  UserLambdaValidationException: 'nothing',
  UserNotFoundException: 'nothing',
};

const all = (meaning: Meaning, ...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${name}Exception`, meaning]));

/** What an operation's errors mean, where they mean something of their own. `Refresh` is InitiateAuth by refresh token. */
const OWN = {
  AdminAddUserToGroup: BY_ADMINISTRATOR,
  AdminDeleteUser: BY_ADMINISTRATOR,
  AdminDisableUser: BY_ADMINISTRATOR,
  AdminEnableUser: BY_ADMINISTRATOR,
  AdminGetUser: BY_ADMINISTRATOR,
  AdminListGroupsForUser: BY_ADMINISTRATOR,
  AdminRemoveUserFromGroup: BY_ADMINISTRATOR,
  AdminSetUserMFAPreference: {
    ...BY_ADMINISTRATOR,
    ...all('unavailable', 'PasswordResetRequired', 'UserNotConfirmed'),
  },
  AdminUpdateUserAttributes: BY_ADMINISTRATOR,
  AdminUserGlobalSignOut: BY_ADMINISTRATOR,
  AssociateSoftwareToken: { ...BY_TOKEN, ...all('unavailable', 'SoftwareTokenMFANotFound') },
  ChangePassword: {
    ...BY_TOKEN,
    ...all('credentials', 'NotAuthorized'),
    ...all('password-refused', 'InvalidParameter'),
  },
  ConfirmForgotPassword: {
    ...all('code-invalid', 'CodeMismatch', 'ExpiredCode', 'InvalidParameter', 'NotAuthorized'),
    ...all('code-invalid', 'UserNotConfirmed', 'UserNotFound'),
    ...all('unavailable', 'UserLambdaValidation'),
  },
  ConfirmSignUp: {
    ...all('account-exists', 'AliasExists'),
    ...all(
      'code-invalid',
      'CodeMismatch',
      'ExpiredCode',
      'InvalidParameter',
      'NotAuthorized',
      'UserNotFound',
    ),
    ...all('unavailable', 'UserLambdaValidation'),
  },
  ForgotPassword: SILENTLY,
  GetTokensFromRefreshToken: {
    ...all('refresh-invalid', 'InvalidParameter', 'NotAuthorized', 'UserLambdaValidation', 'UserNotFound'),
    ...all('refresh-reused', 'RefreshTokenReuse'),
  },
  GlobalSignOut: {
    ...BY_TOKEN,
    ...all('token-refused', 'PasswordResetRequired'),
    ...all('unavailable', 'Forbidden'),
  },
  InitiateAuth: {
    ...all('credentials', 'InvalidParameter', 'NotAuthorized', 'UserLambdaValidation', 'UserNotFound'),
    // cognito-local says so of a wrong password; AWS does not document it for this operation.
    ...all('credentials', 'InvalidPassword'),
    ...all('not-confirmed', 'UserNotConfirmed'),
  },
  Refresh: {
    ...all('refresh-invalid', 'InvalidParameter', 'NotAuthorized', 'UserLambdaValidation', 'UserNotFound'),
    ...all('refresh-invalid', 'PasswordResetRequired', 'UserNotConfirmed'),
  },
  ResendConfirmationCode: SILENTLY,
  RespondToAuthChallenge: {
    ...all('account-exists', 'AliasExists'),
    ...all('challenge-failed', 'CodeMismatch', 'ExpiredCode', 'InvalidParameter', 'MFAMethodNotFound'),
    ...all(
      'challenge-failed',
      'NotAuthorized',
      'SoftwareTokenMFANotFound',
      'UserLambdaValidation',
      'UserNotFound',
    ),
    ...all('not-confirmed', 'UserNotConfirmed'),
  },
  RevokeToken: {
    ...all('nothing', 'InvalidParameter', 'Unauthorized', 'UnsupportedTokenType'),
    ...all('unavailable', 'Forbidden'),
  },
  SetUserMFAPreference: BY_TOKEN,
  SignUp: {
    ...all('account-exists', 'UsernameExists'),
    ...all('refused', 'NotAuthorized', 'UserLambdaValidation'),
    ...all('value-refused', 'InvalidParameter'),
  },
  UpdateUserAttributes: {
    ...BY_TOKEN,
    ...all('account-exists', 'AliasExists'),
    ...all('code-invalid', 'CodeMismatch', 'ExpiredCode'),
    ...all('token-refused', 'PasswordResetRequired'),
    ...all('unavailable', 'UserLambdaValidation'),
  },
  VerifyUserAttribute: {
    ...BY_TOKEN,
    ...all('account-exists', 'AliasExists'),
    ...all('code-invalid', 'CodeMismatch', 'ExpiredCode'),
    ...all('token-refused', 'PasswordResetRequired'),
  },
  VerifySoftwareToken: {
    ...BY_TOKEN,
    ...all(
      'code-invalid',
      'CodeMismatch',
      'EnableSoftwareTokenMFA',
      'InvalidParameter',
      'SoftwareTokenMFANotFound',
    ),
  },
} satisfies Record<string, Readonly<Record<string, Meaning>>>;

export type Operation = keyof typeof OWN;
export const OPERATIONS = Object.keys(OWN) as Operation[];

/** What one of Cognito's errors means; undefined for one that its documentation does not name. */
export function meaningOf(operation: Operation, name: string): Meaning | undefined {
  const own: Readonly<Record<string, Meaning>> = OWN[operation];
  return Object.hasOwn(own, name) ? own[name] : EVERYWHERE[name];
}

/** The same as an error of ours; an error that is not in the table stays what it is. */
export function translated(operation: Operation, error: unknown): unknown {
  const meaning = meaningOf(operation, (error as Error).name);
  return meaning === undefined ? error : MEANINGS[meaning](error);
}

/** How Cognito refuses the repetition of what can be done once only, because its first try has done it. */
const DONE_BEFORE: Partial<Record<Operation, readonly string[]>> = {
  ChangePassword: ['NotAuthorizedException'],
  ConfirmForgotPassword: ['ExpiredCodeException'],
  ConfirmSignUp: ['ExpiredCodeException', 'NotAuthorizedException'],
  GetTokensFromRefreshToken: ['NotAuthorizedException', 'RefreshTokenReuseException'],
  RespondToAuthChallenge: ['ExpiredCodeException', 'NotAuthorizedException'],
  SignUp: ['UsernameExistsException'],
  VerifySoftwareToken: ['EnableSoftwareTokenMFAException'],
};

/** Whether a refused repetition says that the first try, whose answer was lost, may have been done. */
export const saysDoneBefore = (operation: Operation, error: unknown): boolean =>
  wasRetried(error) && DONE_BEFORE[operation]?.includes((error as Error).name) === true;

/** Waits for a call whose refusal nobody is to hear of. */
export async function unlessNothing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof NothingToDo)) throw error;
  }
}
