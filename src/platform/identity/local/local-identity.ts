import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { type IdentityProvider, TOKEN_LIFE_SECONDS, type TokenSource } from '../identity-provider.js';
import { LocalDirectory } from './local-directory.js';
import { LocalEmailChanges } from './local-email-changes.js';
import { LocalPasswords } from './local-passwords.js';
import { LocalRegistration } from './local-registration.js';
import { LocalSecondFactor } from './local-second-factor.js';
import { LocalSignIn } from './local-sign-in.js';
import { SigningKeys } from './signing-keys.js';

/** Accounts in the table: scrypt as in seed 002, tokens as from Cognito. */
@Injectable()
export class LocalIdentity implements IdentityProvider {
  readonly tokens: TokenSource;

  constructor(
    @Inject(CONFIG) config: Config,
    keys: SigningKeys,
    readonly registration: LocalRegistration,
    readonly signIn: LocalSignIn,
    readonly passwords: LocalPasswords,
    readonly secondFactor: LocalSecondFactor,
    readonly email: LocalEmailChanges,
    readonly directory: LocalDirectory,
  ) {
    this.tokens = {
      issuer: config.publicUrl,
      clientIds: [config.auth.clientId],
      sessionsBeginElsewhere: false,
      sessionMemorySeconds: TOKEN_LIFE_SECONDS,
      keySet: () => keys.publicSet(),
    };
  }
}
