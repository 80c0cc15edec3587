import { applyDecorators, Header, SetMetadata } from '@nestjs/common';

export const RAW = 'hearth:raw';
export const CREATED_AT = 'hearth:created-at';

/** The answer is the document itself, without the envelope. */
export const Raw = () => SetMetadata(RAW, true);

/** `Location` of what a POST makes; `:id` and the like stand for fields of the answer. */
export const CreatedAt = (path: string) => SetMetadata(CREATED_AT, path);

/** Lets browsers and CDNs keep a public answer. Everything else is `no-store`. */
export const PublicFor = (seconds: number) =>
  applyDecorators(
    Header('Cache-Control', `public, max-age=${seconds}, stale-while-revalidate=${seconds * 10}`),
  );
