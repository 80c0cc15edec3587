import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { AccountDataRegistry } from './account-data/account-data.js';
import { ErasureAftercare } from './account-data/erasure-aftercare.js';
import { Models } from './ai/models.js';
import { Clock, SystemClock } from './clock.js';
import { DailySalts } from './daily-salts.js';
import { DynamoDbModule } from './dynamodb/dynamodb.module.js';
import { CognitoClient } from './identity/cognito/cognito-client.js';
import { CognitoDirectory } from './identity/cognito/cognito-directory.js';
import { CognitoEmailChanges } from './identity/cognito/cognito-email-changes.js';
import { CognitoIdentity } from './identity/cognito/cognito-identity.js';
import { CognitoPasswords } from './identity/cognito/cognito-passwords.js';
import { CognitoRegistration } from './identity/cognito/cognito-registration.js';
import { CognitoSecondFactor } from './identity/cognito/cognito-second-factor.js';
import { CognitoSignIn } from './identity/cognito/cognito-sign-in.js';
import { PoolNamesRepository } from './identity/cognito/pool-names.repository.js';
import { IDENTITY } from './identity/identity-provider.js';
import { AccountsRepository } from './identity/local/accounts.repository.js';
import { AttemptCounts } from './identity/attempt-counts.js';
import { ChallengeSessions } from './identity/local/challenge-sessions.js';
import { Codes } from './identity/local/codes.js';
import { LocalDirectory } from './identity/local/local-directory.js';
import { LocalEmailChanges } from './identity/local/local-email-changes.js';
import { LocalIdentity } from './identity/local/local-identity.js';
import { LocalPasswords } from './identity/local/local-passwords.js';
import { LocalRegistration } from './identity/local/local-registration.js';
import { LocalSecondFactor } from './identity/local/local-second-factor.js';
import { LocalSignIn } from './identity/local/local-sign-in.js';
import { RefreshTokens } from './identity/local/refresh-tokens.js';
import { ResetLinks } from './identity/local/reset-links.js';
import { SecondFactorRepository } from './identity/local/second-factor.repository.js';
import { SignInThrottle } from './identity/local/sign-in-throttle.js';
import { SigningKeys } from './identity/local/signing-keys.js';
import { TokenIssuer } from './identity/local/token-issuer.js';
import { EmailChangesRepository } from './identity/local/email-changes.repository.js';
import { MailLimits } from './identity/mail-limits.js';
import { KnownPlacesRepository } from './identity/known-places.repository.js';
import { RegistrationsRepository } from './identity/registrations.repository.js';
import { SessionsRepository } from './identity/sessions.repository.js';
import { Usernames } from './identity/usernames.js';
import { IdSource } from './ids.js';
import { type ImportModules, LAZY_MODULES, LazyModules } from './lazy-modules.js';
import { JsonLogger } from './logger.js';
import { MAIL_TRANSPORT, Mailer } from './mail/mailer.js';
import { Outbox } from './mail/outbox.js';
import { Ses } from './mail/ses.js';
import { SuppressionList } from './mail/suppression-list.js';
import { ApiSecrets } from './secrets/api-secrets.js';
import { ApplicationKeys } from './secrets/application-keys.js';
import { secretStoreOf } from './secrets/secret-store.js';
import { SECRET_STORE, Secrets } from './secrets/secrets.js';
import { Storage } from './storage/storage.js';

const LOCAL_IDENTITY: Provider[] = [
  AccountsRepository,
  ChallengeSessions,
  Codes,
  EmailChangesRepository,
  RefreshTokens,
  ResetLinks,
  SecondFactorRepository,
  SignInThrottle,
  SigningKeys,
  TokenIssuer,
  LocalDirectory,
  LocalEmailChanges,
  LocalPasswords,
  LocalRegistration,
  LocalSecondFactor,
  LocalSignIn,
  { provide: IDENTITY, useClass: LocalIdentity },
];

const COGNITO_IDENTITY: Provider[] = [
  CognitoClient,
  CognitoDirectory,
  CognitoEmailChanges,
  CognitoPasswords,
  CognitoRegistration,
  CognitoSecondFactor,
  CognitoSignIn,
  PoolNamesRepository,
  { provide: IDENTITY, useClass: CognitoIdentity },
];

/** The outside world: what a module asks for here is an interface, and the configuration chooses the adapter. */
@Global()
@Module({
  imports: [DynamoDbModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    IdSource,
    LazyModules,
    AccountDataRegistry,
    ErasureAftercare,
    Secrets,
    ApplicationKeys,
    ApiSecrets,
    DailySalts,
    Models,
    SuppressionList,
    AttemptCounts,
    KnownPlacesRepository,
    MailLimits,
    Mailer,
    RegistrationsRepository,
    SessionsRepository,
    Storage,
    Usernames,
  ],
  exports: [
    Clock,
    IdSource,
    LazyModules,
    AccountDataRegistry,
    ErasureAftercare,
    ApplicationKeys,
    ApiSecrets,
    DailySalts,
    Models,
    SuppressionList,
    KnownPlacesRepository,
    Mailer,
    SessionsRepository,
    Storage,
    Usernames,
    IDENTITY,
    JsonLogger,
  ],
})
export class PlatformModule {
  /** @param lazy modules that this process loads when they are needed */
  static with(config: Config, logger: JsonLogger, lazy: readonly ImportModules[]): DynamicModule {
    const { auth, mail } = config;
    return {
      module: PlatformModule,
      providers: [
        { provide: JsonLogger, useValue: logger },
        { provide: LAZY_MODULES, useValue: lazy },
        { provide: SECRET_STORE, useValue: secretStoreOf(config) },
        { provide: MAIL_TRANSPORT, useClass: mail.transport === 'outbox' ? Outbox : Ses },
        ...(auth.provider === 'local' ? LOCAL_IDENTITY : COGNITO_IDENTITY),
      ],
    };
  }
}
