/** A JSON Web Key Set (RFC 7517) of public signing keys. */
export class KeySetDocument {
  keys!: Record<string, unknown>[];
}

/** OpenID Provider Metadata (OpenID Connect Discovery 1.0), as far as a resource server needs it. */
export class OpenIdConfiguration {
  issuer!: string;
  jwks_uri!: string;
  response_types_supported!: string[];
  subject_types_supported!: string[];
  id_token_signing_alg_values_supported!: string[];
}

export class MovedDocument {
  /** @format uri */
  movedTo!: string;
}
