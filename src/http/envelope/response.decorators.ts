import { SetMetadata } from '@nestjs/common';

export const RAW = 'hearth:raw';
export const CREATED_AT = 'hearth:created-at';
export const PUBLIC_FOR = 'hearth:public-for';

/** The answer is the document itself, without the envelope. */
export const Raw = () => SetMetadata(RAW, true);

/** `Location` of what a POST makes; `:id` and the like stand for fields of the answer. */
export const CreatedAt = (path: string) => SetMetadata(CREATED_AT, path);

/** Lets browsers and CDNs keep what strangers are answered, at most twice as long (RFC 9111, RFC 5861). Everything else is `no-store`. */
export const PublicFor = (seconds: number) => SetMetadata(PUBLIC_FOR, seconds);
