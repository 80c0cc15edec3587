import { Controller, Get, Inject, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../config/config.js';
import { Public } from '../../http/access/access.decorators.js';
import { MovedPermanently } from '../../http/envelope/document.js';
import { PublicFor, Raw } from '../../http/envelope/response.decorators.js';
import { GivesRaw, MayMove } from '../../http/openapi/describe.decorators.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { KeySetDocument, MovedDocument, OpenIdConfiguration } from './dto/well-known.dto.js';
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

  /** Where the keys are, and what the tokens are like. With Cognito the pool's own document. */
  @Get('openid-configuration')
  @Public()
  @Raw()
  @PublicFor(300)
  @GivesRaw(OpenIdConfiguration)
  @MayMove(MovedDocument)
  getOpenIdConfiguration(): OpenIdConfiguration | MovedPermanently {
    const { issuer } = this.identity.tokens;
    // The document must lie below the issuer that it names (OpenID Connect Discovery 1.0, 4.3).
    if (issuer !== this.config.publicUrl) {
      const movedTo = `${issuer}/.well-known/openid-configuration`;
      return new MovedPermanently(movedTo, { movedTo });
    }
    return {
      issuer,
      jwks_uri: `${this.config.publicUrl}/.well-known/jwks.json`,
      response_types_supported: ['none'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }
}
