import { Controller, Get, Inject, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../config/config.js';
import { Public } from '../../http/access/access.decorators.js';
import { PublicFor, Raw } from '../../http/envelope/response.decorators.js';
import { GivesRaw } from '../../http/openapi/describe.decorators.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { KeySetDocument, OpenIdConfiguration } from './dto/well-known.dto.js';
import { KeySet } from './key-set.js';

@ApiTags('Authentication')
@Controller({ path: '.well-known', version: VERSION_NEUTRAL })
export class WellKnownController {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    @Inject(CONFIG) private readonly config: Config,
    private readonly keySet: KeySet,
  ) {}

  /** The public keys that tokens are signed with. */
  @Get('jwks.json')
  @Public()
  @Raw()
  @PublicFor(60)
  @GivesRaw(KeySetDocument)
  getKeySet() {
    return this.keySet.load();
  }

  /** Where the keys are, and what the tokens are like. */
  @Get('openid-configuration')
  @Public()
  @Raw()
  @PublicFor(300)
  @GivesRaw(OpenIdConfiguration)
  getOpenIdConfiguration(): OpenIdConfiguration {
    return {
      issuer: this.identity.tokens.issuer,
      jwks_uri: `${this.config.publicUrl}/.well-known/jwks.json`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }
}
