/** An answer that is no JSON of ours: sent as it is, with its own type. */
export class Document {
  /** @param encoding how the bytes are compressed, if they are */
  constructor(
    readonly contentType: string,
    readonly bytes: Buffer,
    readonly encoding?: 'gzip',
  ) {}
}
