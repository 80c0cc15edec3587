import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AccountDataRegistry } from './account-data/account-data.js';
import { Clock, SystemClock } from './clock.js';
import { DynamoDbModule } from './dynamodb/dynamodb.module.js';
import { IDENTITY } from './identity/identity-provider.js';
import { AccountsRepository } from './identity/local/accounts.repository.js';
import { LocalIdentity } from './identity/local/local-identity.js';
import { SessionsRepository } from './identity/local/sessions.repository.js';
import { SignInBackoff } from './identity/local/sign-in-backoff.js';
import { SigningKeys } from './identity/local/signing-keys.js';
import { TokenIssuer } from './identity/local/token-issuer.js';
import { IdSource } from './ids.js';
import { JsonLogger } from './logger.js';
import { MAILER } from './mail/mailer.js';
import { Outbox } from './mail/outbox.js';
import { ApplicationKeys } from './secrets/application-keys.js';
import { FileSecrets } from './secrets/file-secrets.js';
import { SECRETS } from './secrets/secrets-provider.js';

/** The outside world: what a module asks for here is an interface, and the configuration chooses the adapter. */
@Global()
@Module({
  imports: [DynamoDbModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    IdSource,
    AccountDataRegistry,
    { provide: SECRETS, useClass: FileSecrets },
    ApplicationKeys,
    { provide: MAILER, useClass: Outbox },
    AccountsRepository,
    SessionsRepository,
    SignInBackoff,
    SigningKeys,
    TokenIssuer,
    { provide: IDENTITY, useClass: LocalIdentity },
  ],
  exports: [Clock, IdSource, AccountDataRegistry, SECRETS, ApplicationKeys, MAILER, IDENTITY, JsonLogger],
})
export class PlatformModule {
  static with(logger: JsonLogger): DynamicModule {
    return { module: PlatformModule, providers: [{ provide: JsonLogger, useValue: logger }] };
  }
}
