import { SetMetadata } from '@nestjs/common';

/** What a route takes beside JSON of at most 1 MB. */
export interface AcceptedBody {
  /** Media types whose body is handed to the handler as a text. */
  readonly text?: readonly string[];
  /** Media types whose body is read as JSON all the same. */
  readonly json?: readonly string[];
  /** 1 MB without it. */
  readonly maxBytes?: number;
  /** Properties and array entries of a JSON body; without it as the DTO says. */
  readonly maxEntries?: number;
}

export const ACCEPTED_BODY = 'hearth:accepted-body';

/** Lets a route take other bodies than JSON of at most 1 MB. */
export const AcceptsBody = (accepted: AcceptedBody) => SetMetadata(ACCEPTED_BODY, accepted);
