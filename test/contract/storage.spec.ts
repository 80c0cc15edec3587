import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Config, loadConfig } from '../../src/config/config.js';
import { ObjectChanged, Storage } from '../../src/platform/storage/storage.js';
import { TestClock } from '../support/clock.js';
import { s3Endpoint, sharedDirectory } from '../support/environment.js';

const HEADERS = { contentType: 'image/jpeg', cacheControl: 'no-store' };

describe('Storage', () => {
  const bucket = `hearth-${randomUUID()}`;
  let config: Config;
  let storage: Storage;
  const at = (clock: TestClock) => new Storage(config, clock);
  const put = (url: string, headers: Record<string, string>, body = 'bytes') =>
    fetch(url, { method: 'PUT', headers, body });
  beforeAll(async () => {
    for (const name of [bucket, `${bucket}-up`]) await mkdir(join(sharedDirectory, 's3', name));
    config = loadConfig({
      S3_ENDPOINT: s3Endpoint,
      S3_BUCKET_IMAGES: bucket,
      S3_BUCKET_UPLOADS: `${bucket}-up`,
    });
    storage = at(new TestClock());
  });

  describe('an address to upload to', () => {
    const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams);

    it('signs the type, the length where it is known, and the host, and no checksum of an empty body', async () => {
      const withLength = parametersOf((await storage.presignPut('uploads/a/b', 'image/jpeg', 5)).url);
      expect(withLength['X-Amz-SignedHeaders']).toBe('content-length;content-type;host');
      const without = parametersOf((await storage.presignPut('uploads/a/b', 'image/jpeg')).url);
      expect(without['X-Amz-SignedHeaders']).toBe('content-type;host');
      for (const parameters of [withLength, without]) {
        expect(parameters['X-Amz-Expires']).toBe('300');
        expect(Object.keys(parameters).filter((name) => /checksum|acl|security-token/i.test(name))).toEqual(
          [],
        );
        expect(Object.keys(parameters).sort()).toEqual([
          'X-Amz-Algorithm',
          'X-Amz-Content-Sha256',
          'X-Amz-Credential',
          'X-Amz-Date',
          'X-Amz-Expires',
          'X-Amz-Signature',
          'X-Amz-SignedHeaders',
          'x-id',
        ]);
      }
    });

    it('takes what was signed, once and again, and nothing else', async () => {
      const { url, headers } = await storage.presignPut('uploads/a/signed', 'image/jpeg', 5);
      expect((await put(url, headers)).status).toBe(200);
      expect((await put(url, { ...headers, 'Content-Type': 'text/html' })).status).toBe(403);
      expect((await put(url, { 'Content-Type': 'image/jpeg' }, 'more bytes')).status).toBe(403);
      expect((await put(url.replace('signed', 'unsigned'), headers)).status).toBe(403);
      expect((await put(url.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000'), headers)).status).toBe(403);
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    });

    it('ends after five minutes', async () => {
      const clock = new TestClock(Date.now() - 310_000);
      const { url, headers } = await at(clock).presignPut('uploads/a/late', 'image/jpeg', 5);
      const late = await put(url, headers);
      expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
      clock.forward({ seconds: 60 });
      const { url: inTime } = await at(clock).presignPut('uploads/a/late', 'image/jpeg', 5);
      expect((await put(inTime, headers)).status).toBe(200);
    });
  });

  it('a form’s policy holds its key, type and length, and ends after five minutes', async () => {
    const began = Date.now();
    const { fields } = await storage.presignPost('uploads/a/form', 'image/png', [1, 1000]);
    const { conditions, expiration } = JSON.parse(Buffer.from(fields['Policy'] ?? '', 'base64').toString());
    expect(conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 1, 1000],
        ['eq', '$Content-Type', 'image/png'],
        { key: 'uploads/a/form' },
        { bucket: `${bucket}-up` },
      ]),
    );
    const lasts = Date.parse(expiration) - began;
    expect([lasts > 298_000, lasts < 330_000]).toEqual([true, true]);
  });

  it('an address to read from is the same for five minutes, and good for five more', async () => {
    await storage.put('receipts/a/b', Buffer.from('paper'), HEADERS);
    const clock = new TestClock(Math.floor(Date.now() / 300_000) * 300_000);
    const first = await at(clock).presignGet('receipts/a/b');
    clock.forward({ seconds: 299 });
    expect(await at(clock).presignGet('receipts/a/b')).toBe(first);
    clock.forward({ seconds: 1 });
    expect(await at(clock).presignGet('receipts/a/b')).not.toBe(first);
    expect((await fetch(first)).status).toBe(200);
    const over = await at(new TestClock(Date.now() - 900_000)).presignGet('receipts/a/b');
    expect((await fetch(over)).status).toBe(403);
  });

  it('on a laptop shows photos to everybody, and nothing else to whoever does not sign', async () => {
    for (const key of ['images/u/open', 'receipts/u/shut']) await storage.put(key, Buffer.from('x'), HEADERS);
    const ask = (path: string, method = 'GET') => fetch(`${s3Endpoint}/${bucket}${path}`, { method });
    expect((await ask('/images/u/open')).status).toBe(200);
    for (const [path, method] of [
      ['/receipts/u/shut', 'GET'],
      ['/receipts/u/shut', 'DELETE'],
      ['/images/u/open', 'DELETE'],
      ['/images/u/open', 'PUT'],
      ['?list-type=2', 'GET'],
      ['', 'DELETE'],
      ['', 'PUT'],
      ['/receipts/u/shut?X-Amz-Signature=x', 'GET'],
      ['?X-Amz-Signature=x', 'GET'],
      ['/images/%2e%2e/receipts/u/shut', 'GET'],
    ] as const)
      expect([path, method, (await ask(path, method)).status]).toEqual([path, method, 403]);
    const multipart = { 'Content-Type': 'multipart/form-data' };
    const removal = '<Delete><Object><Key>receipts/u/shut</Key></Object></Delete>';
    const url = `${s3Endpoint}/${bucket}?delete`;
    expect((await fetch(url, { method: 'POST', headers: multipart, body: removal })).status).toBe(403);
    expect(await storage.head('receipts/u/shut')).toBeDefined();
    for (const folder of ['images/u/', 'receipts/u/']) await storage.removeAll(folder);
  });

  describe('a form', () => {
    const key = 'uploads/a/form.png';
    const post = async (change: (fields: Map<string, string>) => void, bytes = Buffer.from('bytes')) => {
      const { url, fields } = await storage.presignPost(key, 'image/png', [1, 1000]);
      const given = new Map(Object.entries(fields));
      change(given);
      const form = new FormData();
      for (const [name, value] of given) form.append(name, value);
      form.append('file', new Blob([bytes], { type: 'text/html' }), 'photo.png');
      const response = await fetch(url, { method: 'POST', body: form });
      return `${response.status} ${/<Code>(\w+)/.exec(await response.text())?.[1] ?? ''}`.trim();
    };

    it('is taken as it was signed, whatever the type of its file', async () => {
      expect(await post(() => undefined)).toBe('204');
      expect((await storage.head(key))?.size).toBe(5);
    });

    it.each<[string, (fields: Map<string, string>) => void]>([
      ['with another key', (fields) => fields.set('key', 'uploads/a/other.png')],
      ['with another type', (fields) => fields.set('Content-Type', 'text/html')],
      ['without a type', (fields) => fields.delete('Content-Type')],
      ['with metadata', (fields) => fields.set('x-amz-meta-a', 'b')],
      ['with an acl', (fields) => fields.set('acl', 'public-read')],
      ['with an unknown field', (fields) => fields.set('name', 'photo.png')],
      [
        'with another policy',
        (fields) => fields.set('Policy', Buffer.from('{"conditions":[]}').toString('base64')),
      ],
      ['with another signature', (fields) => fields.set('X-Amz-Signature', '0'.repeat(64))],
      ['without a signature', (fields) => fields.delete('X-Amz-Signature')],
      ['without a policy', (fields) => fields.delete('Policy')],
      [
        'of another key pair',
        (fields) => fields.set('X-Amz-Credential', 'S3RVER/20250101/eu-north-1/s3/aws4_request'),
      ],
      ['with a key that leads elsewhere', (fields) => fields.set('key', '../../secrets/x')],
      ['with an absolute key', (fields) => fields.set('key', '/etc/x')],
      ['with an empty segment', (fields) => fields.set('key', 'uploads//x')],
    ])('%s is a 403', async (_, change) => {
      expect(await post(change)).toBe('403 AccessDenied');
    });

    it('is refused when its file is too small or too large', async () => {
      expect(await post(() => undefined, Buffer.alloc(0))).toBe('400 EntityTooSmall');
      expect(await post(() => undefined, Buffer.alloc(1001))).toBe('400 EntityTooLarge');
      expect(await post(() => undefined, Buffer.alloc(12 * 1024 * 1024))).toBe('400 EntityTooLarge');
    });

    it('that nobody signed writes nothing, nowhere', async () => {
      const form = new FormData();
      form.append('key', '../../../victim/payload');
      form.append('file', new Blob(['x']), 'x');
      const response = await fetch(`${s3Endpoint}/${bucket}`, { method: 'POST', body: form });
      expect(response.status).toBe(403);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    });
  });

  it('lists for nobody whose signature is another’s', async () => {
    const url = `${s3Endpoint}/${bucket}?list-type=2`;
    const scope = `${new Date().toISOString().slice(0, 10).replaceAll('-', '')}/eu-north-1/s3/aws4_request`;
    for (const keyId of ['local', 'S3RVER']) {
      const authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
      const headers = {
        Authorization: authorization,
        'x-amz-date': new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''),
        'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      };
      expect((await fetch(url, { headers })).status).toBe(403);
    }
  });

  it.each(['/%ff', '/images/%00', '/images/%E0%A4%A'])('an address such as %s is a 400', async (path) => {
    const response = await fetch(`${s3Endpoint}/${bucket}${path}`);
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([400, 'nosniff']);
  });

  it.each(['/images//a', '/images/a%2f..%2fb', '/images/a/'])('a key such as %s is refused', async (path) => {
    expect((await fetch(`${s3Endpoint}/${bucket}${path}`)).status).toBe(403);
  });

  it('a body is the one that its Content-MD5 names', async () => {
    const { url, headers } = await storage.presignPut('uploads/a/md5', 'image/jpeg', 5);
    const wrong = await put(url, { ...headers, 'Content-MD5': Buffer.alloc(16).toString('base64') });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('BadDigest')]);
    expect(await storage.head('uploads/a/md5')).toBeUndefined();
    const md5 = createHash('md5').update('bytes').digest('base64');
    expect((await put(url, { ...headers, 'Content-MD5': md5 })).status).toBe(200);
    expect((await storage.head('uploads/a/md5'))?.size).toBe(5);
  });

  it('puts, heads, gets, copies, lists and removes', async () => {
    await storage.put('images/u/1', Buffer.from('one'), HEADERS);
    const head = await storage.head('images/u/1');
    expect(head?.size).toBe(3);
    const { etag = '' } = head ?? {};
    expect((await storage.get('images/u/1', etag)).toString()).toBe('one');
    await storage.copy('images/u/1', 'images/u/2 ü', etag, { ...HEADERS, contentType: 'image/png' });
    const keys: string[] = [];
    for await (const objects of storage.list('images/u/')) keys.push(...objects.map(({ key }) => key));
    expect(keys.sort()).toEqual(['images/u/1', 'images/u/2 ü']);
    await storage.remove(['images/u/1', 'images/u/none', 'uploads/u/none']);
    expect(await storage.head('images/u/1')).toBeUndefined();
    expect(await storage.removeAll('images/u/')).toBe(1);
    expect(await storage.removeAll('images/u/')).toBe(0);
  });

  it('says when an object is another one, or gone', async () => {
    await storage.put('images/u/3', Buffer.from('three'), HEADERS);
    await expect(storage.get('images/u/3', '"other"')).rejects.toThrow(ObjectChanged);
    await expect(storage.get('images/u/none', '"x"')).rejects.toThrow(ObjectChanged);
    await expect(storage.copy('images/u/none', 'images/u/4', '"x"', HEADERS)).rejects.toThrow(ObjectChanged);
  });

  it('lists more than a thousand', async () => {
    for (let first = 0; first < 1050; first += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, number) =>
          storage.put(`images/many/${first + number}`, Buffer.from('x'), HEADERS),
        ),
      );
    const pages: number[] = [];
    for await (const objects of storage.list('images/many/')) pages.push(objects.length);
    expect(pages).toEqual([1000, 50]);
    expect(await storage.removeAll('images/many/')).toBe(1050);
  });
});
