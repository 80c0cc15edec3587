import { Injectable } from '@nestjs/common';
import { Secrets } from './secrets.js';

/** Keys of other services, in one secret; a key that is missing turns its feature off. */
export interface ThirdPartyKeys {
  readonly openRouterApiKey?: string;
  /** Of another endpoint, which AI_BASE_URL names. */
  readonly aiApiKey?: string;
  readonly slackBotToken?: string;
  readonly githubToken?: string;
  /** Web Push (RFC 8292), both in base64url. */
  readonly vapid?: { readonly publicKey: string; readonly privateKey: string };
  readonly googleOAuth?: { readonly clientId: string; readonly clientSecret: string };
}

@Injectable()
export class ApiSecrets {
  constructor(private readonly secrets: Secrets) {}

  read(): Promise<ThirdPartyKeys> {
    return this.secrets.read<ThirdPartyKeys>('api-secrets', async () => ({}));
  }
}
