/** An answer that is no JSON of ours: sent as it is, with its own type. */
export class Document {
  /**
   * @param encoding how the bytes are compressed, if they are
   * @param headers what else goes with it
   */
  constructor(
    readonly contentType: string,
    readonly bytes: Buffer,
    readonly encoding?: 'gzip',
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** What was asked for has another address for good (301). */
export class MovedPermanently {
  constructor(
    readonly location: string,
    readonly body: object,
  ) {}
}

/** A route's other success: taken in, and nothing more is said now (202). */
export class Accepted {
  constructor(readonly body: object) {}
}
