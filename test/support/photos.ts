import sharp from 'sharp';
import type { Answer, Client } from './client.js';
import type { Person } from './test-app.js';

type Format = 'jpeg' | 'png' | 'webp';

interface PhotoOptions {
  readonly width?: number;
  readonly height?: number;
  /** EXIF: 6 says that the camera was held upright, and the picture lies on its side. */
  readonly orientation?: number;
  /** Makes another picture. */
  readonly shade?: number;
}

/** A photo as a camera writes it, with the place where it was taken; its left half is red. */
export async function photo(format: Format = 'jpeg', options: PhotoOptions = {}): Promise<Buffer> {
  const {
    width = 640,
    height = 480,
    orientation = 1,
    shade = Math.floor(Math.random() * 0xffffff),
  } = options;
  const half = { width: Math.ceil(width / 2), height, channels: 3 as const };
  const background = { r: shade >> 16, g: (shade >> 8) & 0xff, b: shade & 0xff };
  const left = await sharp({ create: { ...half, background: 'red' } })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background } })
    .composite([{ input: left, left: 0, top: 0 }])
    .withExif({
      IFD0: { Copyright: 'secret-owner' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '59/1 19/1 0/1' },
    })
    .withMetadata({ orientation })
    .toFormat(format)
    .toBuffer();
}

/** A receipt. */
export const pdf = (text = String(Math.random())): Buffer =>
  Buffer.from(`%PDF-1.4\n%${text}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`);

interface UploadOptions {
  readonly fileName?: string;
  readonly type?: string;
  readonly purpose?: 'image' | 'receipt';
}

/** Asks for an address and puts bytes to it. @returns the key under which they lie */
export async function upload(
  client: Client,
  bytes: Buffer,
  { fileName = 'photo.jpg', type = 'image/jpeg', purpose = 'image' }: UploadOptions = {},
): Promise<string> {
  const asked = await client.post('/v1/images/upload-url', {
    fileName,
    fileType: type,
    fileSize: bytes.length,
    purpose,
  });
  if (asked.status !== 201) throw new Error(asked.text);
  const { uploadUrl, headers, imageKey } = asked.data;
  const put = await fetch(uploadUrl, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  if (put.status !== 200) throw new Error(await put.text());
  return imageKey;
}

export const complete = (client: Client, imageKey: string, more: object = {}): Promise<Answer> =>
  client.post('/v1/images/upload-complete', { imageKey, ...more });

/** An image that is there, as its completion answered. */
export async function image({ client }: Pick<Person, 'client'>, bytes?: Buffer, more: object = {}) {
  const answer = await complete(client, await upload(client, bytes ?? (await photo())), more);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.data;
}

export async function receipt({ client }: Pick<Person, 'client'>, more: object = {}) {
  const key = await upload(client, pdf(), { fileName: 'r.pdf', type: 'application/pdf', purpose: 'receipt' });
  return (await complete(client, key, more)).data;
}

export const bytesAt = async (url: string): Promise<Buffer> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return Buffer.from(await response.arrayBuffer());
};
