import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { clientOptions, sendToAws } from '../aws-client.js';
import { Clock } from '../clock.js';
import { ServiceUnavailable } from '../faults.js';
import { grouped } from '../grouped.js';
import { requestContext } from '../request-context.js';

/** Seed 001: what is signed for a client to upload with is good for five minutes. */
export const UPLOAD_SECONDS = 300;
/** A signed address is the same for this long, so that what it shows can be cached, and is good for this long after. */
const READ_STEP_SECONDS = 300;

/** Objects by their first folder: uploads may lie in a bucket of their own. */
const UPLOADS = 'uploads/';

/** What a client sends to put an object in its place. */
export interface SignedPut {
  readonly url: string;
  /** To be sent as they stand: they are signed. */
  readonly headers: { readonly 'Content-Type': string; readonly 'Content-Length'?: string };
}

/** A form (multipart/form-data) whose fields stand before the file. */
export interface SignedPost {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ObjectHead {
  readonly size: number;
  readonly etag: string;
}

export interface StoredObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

/** How an object is handed out. */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly contentDisposition?: string;
}

/** The object is not the one that was looked at before, or is gone. */
export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
}

/**
 * The bucket: objects of any kind by their keys, and addresses by which clients reach them without this API's help.
 * @throws {ServiceUnavailable} from whatever goes out to S3, when it does not answer in time.
 */
@Injectable()
export class Storage {
  private connecting: ReturnType<Storage['connect']> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @param size in bytes; where it is given it is signed, and S3 takes nothing shorter or longer */
  async presignPut(key: string, contentType: string, size?: number): Promise<SignedPut> {
    const { client, PutObjectCommand, getSignedUrl } = await this.connected();
    const command = new PutObjectCommand({
      ...this.place(key),
      ContentType: contentType,
      ...(size !== undefined && { ContentLength: size }),
    });
    const url = await getSignedUrl(client, command, {
      expiresIn: UPLOAD_SECONDS,
      signingDate: this.clock.now(),
      signableHeaders: new Set(['content-type', 'content-length']),
    });
    return {
      url,
      headers: {
        'Content-Type': contentType,
        ...(size !== undefined && { 'Content-Length': String(size) }),
      },
    };
  }

  /** A policy that takes one object of this type, of so many bytes. */
  async presignPost(
    key: string,
    contentType: string,
    [fewest, most]: readonly [number, number],
  ): Promise<SignedPost> {
    const { client, createPresignedPost } = await this.connected();
    return createPresignedPost(client, {
      ...this.place(key),
      Fields: { 'Content-Type': contentType },
      Conditions: [
        ['content-length-range', fewest, most],
        ['eq', '$Content-Type', contentType],
      ],
      Expires: UPLOAD_SECONDS,
    });
  }

  /** An address that is good for five to ten minutes. */
  async presignGet(key: string): Promise<string> {
    const { client, GetObjectCommand, getSignedUrl } = await this.connected();
    const now = this.clock.seconds();
    return getSignedUrl(client, new GetObjectCommand(this.place(key)), {
      expiresIn: 2 * READ_STEP_SECONDS,
      signingDate: new Date((now - (now % READ_STEP_SECONDS)) * 1000),
    });
  }

  /** Where everybody may read an object of `images/`: at the CDN, or on a laptop's S3; without either a signed address. */
  async urlOf(key: string): Promise<string> {
    const { publicUrl } = this.config.storage;
    return publicUrl === undefined ? this.presignGet(key) : `${publicUrl}/${key}`;
  }

  /** Undefined when there is no such object. */
  async head(key: string): Promise<ObjectHead | undefined> {
    const { client, HeadObjectCommand } = await this.connected();
    try {
      const { ContentLength = 0, ETag = '' } = await sendToAws((options) =>
        client.send(new HeadObjectCommand(this.place(key)), options),
      );
      return { size: ContentLength, etag: ETag };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** @throws {ObjectChanged} when it is another one than `etag` names */
  async get(key: string, etag: string): Promise<Buffer> {
    const { client, GetObjectCommand } = await this.connected();
    const command = new GetObjectCommand({ ...this.place(key), IfMatch: etag });
    const { Body, ETag } = await unchanged(() => sendToAws((options) => client.send(command, options)));
    if (ETag !== etag || !Body) throw new ObjectChanged();
    return wholeBody(Body.transformToByteArray());
  }

  async put(key: string, bytes: Buffer, headers: ObjectHeaders): Promise<void> {
    const { client, PutObjectCommand } = await this.connected();
    const command = new PutObjectCommand({ ...this.place(key), Body: bytes, ...written(headers) });
    await sendToAws((options) => client.send(command, options));
  }

  /** @throws {ObjectChanged} when what is at `from` is another one than `etag` names */
  async copy(from: string, to: string, etag: string, headers: ObjectHeaders): Promise<void> {
    const { client, CopyObjectCommand } = await this.connected();
    const source = this.place(from);
    const command = new CopyObjectCommand({
      ...this.place(to),
      CopySource: `${source.Bucket}/${encodeURI(source.Key)}`,
      CopySourceIfMatch: etag,
      MetadataDirective: 'REPLACE',
      ...written(headers),
    });
    await unchanged(() => sendToAws((options) => client.send(command, options)));
  }

  /** Removes what is there of these; at most 1,000. */
  async remove(keys: readonly string[]): Promise<void> {
    const { client, DeleteObjectsCommand } = await this.connected();
    const places = keys.map((key) => this.place(key));
    for (const [Bucket, some] of grouped(places, (place) => place.Bucket)) {
      const Objects = some.map(({ Key }) => ({ Key }));
      const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
      const { Errors = [] } = await sendToAws((options) => client.send(command, options));
      if (Errors.length > 0) throw new Error(`${Errors.length} objects were not removed: ${Errors[0]?.Code}`);
    }
  }

  /** Removes whatever lies under a prefix, and says how many. */
  async removeAll(prefix: string): Promise<number> {
    let removed = 0;
    for await (const objects of this.list(prefix)) {
      await this.remove(objects.map(({ key }) => key));
      removed += objects.length;
    }
    return removed;
  }

  /** What lies under a prefix, up to 1,000 at a time. */
  async *list(prefix: string): AsyncGenerator<readonly StoredObject[]> {
    const { client, ListObjectsV2Command } = await this.connected();
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.place(prefix).Bucket,
        Prefix: prefix,
        ContinuationToken,
      });
      const page = await sendToAws((options) => client.send(command, options));
      const objects = (page.Contents ?? []).map(({ Key = '', LastModified = new Date(0) }) => ({
        key: Key,
        modifiedAt: LastModified,
      }));
      if (objects.length > 0) yield objects;
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  /** Whether the buckets answer. */
  async check(): Promise<void> {
    const { client, HeadBucketCommand } = await this.connected();
    const { imagesBucket, uploadsBucket } = this.config.storage;
    for (const Bucket of new Set([imagesBucket, uploadsBucket]))
      await sendToAws((options) => client.send(new HeadBucketCommand({ Bucket }), options));
  }

  private place(key: string) {
    const { imagesBucket, uploadsBucket } = this.config.storage;
    return { Bucket: key.startsWith(UPLOADS) ? uploadsBucket : imagesBucket, Key: key };
  }

  private connected(): ReturnType<Storage['connect']> {
    return (this.connecting ??= this.connect());
  }

  private async connect() {
    const sdk = await import('./s3.late.js');
    const { endpoint, credentials } = this.config.storage;
    const client = new sdk.S3Client({
      ...clientOptions(this.config, endpoint, { credentials }),
      forcePathStyle: endpoint !== undefined,
      // Else the checksum of an empty body is signed into the address of an upload.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return { ...sdk, client };
  }
}

/** The SDK's time limits end with the headers: a body that is cut, or that stops half-way, is an outage as well. */
async function wholeBody(reading: Promise<Uint8Array>): Promise<Buffer> {
  const { deadline } = requestContext.current() ?? {};
  const late = new Promise<never>((_, reject) => {
    deadline?.addEventListener('abort', () => reject(deadline.reason as Error), { once: true });
  });
  try {
    return Buffer.from(await Promise.race([reading, late]));
  } catch (error) {
    throw new ServiceUnavailable(error);
  }
}

const written = ({ contentType, cacheControl, contentDisposition }: ObjectHeaders) => ({
  ContentType: contentType,
  CacheControl: cacheControl,
  ...(contentDisposition !== undefined && { ContentDisposition: contentDisposition }),
});

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

const isMissing = (error: unknown) => statusOf(error) === 404;

async function unchanged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isMissing(error) || statusOf(error) === 412 ? new ObjectChanged() : error;
  }
}
