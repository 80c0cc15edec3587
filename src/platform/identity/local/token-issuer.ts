import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../clock.js';
import { type Subject, TOKEN_LIFE_SECONDS, type Tokens } from '../identity-provider.js';
import { SigningKeys } from './signing-keys.js';

/** Signs RS256 access and id tokens whose claims have Cognito's names. */
@Injectable()
export class TokenIssuer {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  async issue(
    subject: Subject,
    sessionId: string,
    authenticatedAt: number,
  ): Promise<Omit<Tokens, 'refreshToken'>> {
    const { kid, privateKey } = await this.keys.current();
    // A token made in the second in which all earlier ones were voided must not be taken for one of them.
    const iat = Math.max(this.clock.seconds(), subject.tokensValidAfter);
    const shared = {
      iss: this.config.publicUrl,
      sub: subject.sub,
      origin_jti: sessionId,
      auth_time: authenticatedAt,
      iat,
      exp: iat + TOKEN_LIFE_SECONDS,
      'cognito:groups': [subject.role],
    };
    const sign = (claims: object) =>
      jwt.sign({ ...shared, jti: randomUUID(), ...claims }, privateKey, { algorithm: 'RS256', keyid: kid });
    const { clientId } = this.config.auth;
    return {
      accessToken: sign({
        token_use: 'access',
        client_id: clientId,
        scope: 'aws.cognito.signin.user.admin',
        username: subject.username ?? subject.sub,
      }),
      idToken: sign({
        token_use: 'id',
        aud: clientId,
        email: subject.email,
        email_verified: subject.emailVerified,
        name: subject.name,
        'cognito:username': subject.username ?? subject.sub,
        'custom:userRole': subject.role,
        ...(subject.theme === undefined ? {} : { 'custom:theme': subject.theme }),
      }),
      expiresIn: TOKEN_LIFE_SECONDS,
    };
  }
}
