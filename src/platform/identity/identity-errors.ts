export class AccountExists extends Error {
  override readonly name = 'AccountExists';
}

/** So many mails were sent to an address that a registration may not replace the one that waits there. */
export class TooManyMails extends Error {
  override readonly name = 'TooManyMails';
}

export class UsernameTaken extends Error {
  override readonly name = 'UsernameTaken';
}

/** The provider itself takes nobody in who was not let in here. */
export class RegistrationRefused extends Error {
  override readonly name = 'RegistrationRefused';
}

export class InvalidCredentials extends Error {
  override readonly name = 'InvalidCredentials';

  /** @param sub whose password was wrong, if it was anybody's */
  constructor(readonly sub?: string) {
    super('The address, the username or the password is wrong');
  }
}

/** The provider knows them, and the sign-in was right, but nobody has let them in here. */
export class NotAdmitted extends Error {
  override readonly name = 'NotAdmitted';

  /** @param username as the provider's tokens name them */
  constructor(
    readonly sub: string,
    readonly username?: string,
  ) {
    super('Nobody has let them in here');
  }
}

/** The address is not confirmed yet. Cognito says so of wrong passwords, too. */
export class NotConfirmed extends Error {
  override readonly name = 'NotConfirmed';
}

/** An administrator asked for a new password, by a code. */
export class PasswordResetRequired extends Error {
  override readonly name = 'PasswordResetRequired';
}

/** The provider's own rules refuse a password, such as one that was used before. */
export class PasswordRefused extends Error {
  override readonly name = 'PasswordRefused';
}

export class TooManyFailures extends Error {
  override readonly name = 'TooManyFailures';

  constructor(readonly retryAfterSeconds: number) {
    super('Too many failed attempts');
  }
}

export class ChallengeFailed extends Error {
  override readonly name = 'ChallengeFailed';

  constructor(readonly sub?: string) {
    super('The answer or the session of the challenge is wrong');
  }
}

export class RefreshInvalid extends Error {
  override readonly name = 'RefreshInvalid';
}

/** A refresh token was used twice. Where it can be told whose, their session is to be ended. */
export class RefreshReused extends Error {
  override readonly name = 'RefreshReused';

  constructor(readonly session?: { readonly sub: string; readonly id: string }) {
    super('A refresh token was used twice');
  }
}

export class CodeInvalid extends Error {
  override readonly name = 'CodeInvalid';
}

/** The provider has no backup codes. */
export class BackupCodesUnsupported extends Error {
  override readonly name = 'BackupCodesUnsupported';
}

export class SecondFactorStanding extends Error {
  override readonly name = 'SecondFactorStanding';
}

/** The provider wants to see the access token itself, and the caller came with an id token. */
export class AccessTokenRequired extends Error {
  override readonly name = 'AccessTokenRequired';
}

/** The provider does not take the token that this API took. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The provider refuses a value that no rule of ours names. */
export class ValueRefused extends Error {
  override readonly name = 'ValueRefused';
}
