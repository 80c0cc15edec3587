import { SetMetadata } from '@nestjs/common';

export const IDEMPOTENT = 'hearth:idempotent';

/** A signed-in POST that creates: takes an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
export const Idempotent = () => SetMetadata(IDEMPOTENT, true);
