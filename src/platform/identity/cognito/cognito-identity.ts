import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { ServiceUnavailable } from '../../faults.js';
import { type IdentityProvider, type JsonWebKeySet, type TokenSource } from '../identity-provider.js';
import { SESSION_LIFE_SECONDS } from '../sessions.repository.js';
import { CognitoDirectory } from './cognito-directory.js';
import { CognitoEmailChanges } from './cognito-email-changes.js';
import { CognitoPasswords } from './cognito-passwords.js';
import { CognitoRegistration } from './cognito-registration.js';
import { CognitoSecondFactor } from './cognito-second-factor.js';
import { CognitoSignIn } from './cognito-sign-in.js';

/** An Amazon Cognito user pool, signed in to by e-mail address. */
@Injectable()
export class CognitoIdentity implements IdentityProvider {
  readonly tokens: TokenSource;

  constructor(
    @Inject(CONFIG) config: Config,
    readonly registration: CognitoRegistration,
    readonly signIn: CognitoSignIn,
    readonly passwords: CognitoPasswords,
    readonly secondFactor: CognitoSecondFactor,
    readonly email: CognitoEmailChanges,
    readonly directory: CognitoDirectory,
  ) {
    const { region, userPoolId, endpoint, clientId, acceptedClients } = config.cognito;
    const pool = `${endpoint ?? `https://cognito-idp.${region}.amazonaws.com`}/${userPoolId}`;
    const issuer = config.cognito.issuer ?? pool;
    const keySetUrl = config.cognito.keySetUrl ?? `${pool}/.well-known/jwks.json`;
    this.tokens = {
      issuer,
      clientIds: [clientId, ...acceptedClients],
      sessionsBeginElsewhere: true,
      // Whoever asks Cognito itself gets tokens of a session for as long as its refresh token lives.
      sessionMemorySeconds: SESSION_LIFE_SECONDS,
      keySet: () => fetchKeySet(keySetUrl, config.aws.requestTimeoutMs),
    };
  }
}

/** @throws {ServiceUnavailable} */
async function fetchKeySet(url: string, timeoutMs: number): Promise<JsonWebKeySet> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const body = (await response.json()) as Partial<JsonWebKeySet>;
    if (!response.ok || !Array.isArray(body.keys)) throw new Error(`${url} gave no key set`);
    return { keys: body.keys };
  } catch (error) {
    throw new ServiceUnavailable(error);
  }
}
