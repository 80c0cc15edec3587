import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { inside } from '../support/inside.js';
import { objectsOf } from '../support/objects.js';
import { bytesAt, complete, image, pdf, photo, receipt, upload } from '../support/photos.js';
import { type Person, TestApp } from '../support/test-app.js';

describe('Images', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = [await app.person('Ada'), await app.person('Eve')];
  });
  afterAll(() => app.stop());

  const ask = (body: object = {}, { client } = ada) =>
    client.post('/v1/images/upload-url', { fileName: 'photo.jpg', fileType: 'image/jpeg', ...body });
  const put = (url: string, headers: Record<string, string>, bytes: Buffer) =>
    fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });

  describe('asking for an address to upload to', () => {
    it('gives one that is good for five minutes, under a key of the user’s own', async () => {
      const { data, status } = await ask({ fileSize: 100 });
      expect(status).toBe(201);
      expect(data).toMatchObject({ method: 'PUT', expiresIn: 300 });
      expect(data.imageKey).toBe(`uploads/${ada.userId}/${data.imageId}-photo.jpg`);
      const { searchParams } = new URL(data.uploadUrl);
      expect(searchParams.get('X-Amz-Expires')).toBe('300');
      expect(data.headers).toEqual({ 'Content-Type': 'image/jpeg', 'Content-Length': '100' });
    });

    it('takes contentType for fileType, but not two that differ', async () => {
      expect((await ask({ fileType: undefined, contentType: 'image/png' })).status).toBe(201);
      expect((await ask({ contentType: 'image/jpeg' })).status).toBe(201);
      const { status, error } = await ask({ contentType: 'image/png' });
      expect([status, error.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect((await ask({ fileType: undefined })).status).toBe(400);
    });

    it('gives a form whose policy bounds type and length', async () => {
      const { data } = await ask({ method: 'POST' });
      const policy = JSON.parse(Buffer.from(data.fields.Policy, 'base64').toString());
      expect(policy.conditions).toContainEqual(['content-length-range', 1, 10 * 1024 * 1024]);
      expect(policy.conditions).toContainEqual({ key: data.imageKey });
      expect(policy.conditions).toContainEqual(['eq', '$Content-Type', 'image/jpeg']);
      const { data: exact } = await ask({ method: 'POST', fileSize: 77 });
      expect(JSON.parse(Buffer.from(exact.fields.Policy, 'base64').toString()).conditions).toContainEqual([
        'content-length-range',
        77,
        77,
      ]);
      const form = new FormData();
      for (const [name, value] of Object.entries<string>(data.fields)) form.append(name, value);
      form.append('file', new Blob([new Uint8Array(await photo())]));
      expect((await fetch(data.uploadUrl, { method: 'POST', body: form })).status).toBe(204);
      expect((await complete(ada.client, data.imageKey)).status).toBe(200);
    });

    it.each(['image/svg+xml', 'image/gif', 'text/html', 'application/pdf', '__proto__'])(
      'refuses %s for a photo',
      async (fileType) => {
        const { status, error } = await ask({ fileType });
        expect([status, error.code]).toEqual([415, 'IMAGE_TYPE_UNSUPPORTED']);
      },
    );

    it('takes a PDF for a receipt', async () => {
      const { status, data } = await ask({ fileType: 'application/pdf', purpose: 'receipt' });
      expect([status, data.imageKey.endsWith('.pdf')]).toEqual([201, true]);
    });

    it('refuses more than 10 MB', async () => {
      expect((await ask({ fileSize: 10 * 1024 * 1024 })).status).toBe(201);
      const { status, error } = await ask({ fileSize: 10 * 1024 * 1024 + 1 });
      expect([status, error.code]).toEqual([413, 'IMAGE_TOO_LARGE']);
      expect((await ask({ fileSize: 0 })).status).toBe(400);
    });

    it.each([
      ['../../../etc/passwd', 'passwd.jpg'],
      ['..\\..\\boot.ini', 'boot.jpg'],
      ['/absolute/é ñ?#&.jpg', 'e-n.jpg'],
      ['..', 'file.jpg'],
      ['.htaccess', 'file.jpg'],
      ['photo\u202Egnp.exe', 'photognp.jpg'],
      ['\u200F\u200Emarks.jpg', 'marks.jpg'],
      ['吉他.jpg', 'file.jpg'],
      ['x'.repeat(255), `${'x'.repeat(80)}.jpg`],
    ])('makes a plain name of %j', async (fileName, name) => {
      const { data } = await ask({ fileName });
      expect(data.imageKey).toBe(`uploads/${ada.userId}/${data.imageId}-${name}`);
      const bytes = await photo();
      expect((await put(data.uploadUrl, data.headers, bytes)).status).toBe(200);
      const { data: made } = await complete(ada.client, data.imageKey);
      expect(made.imageId).toBe(data.imageId);
      expect((await ada.client.get(`/v1/images/${made.imageId}`)).data.fileName).toBe(
        (fileName.split(/[/\\]/).at(-1) ?? '').replaceAll(/\p{Cf}/gu, ''),
      );
    });

    it.each([['NUL\u0000.jpg'], ['x'.repeat(300)], [''], ['a\nb\u0007.jpg']])(
      'refuses the name %j',
      async (fileName) => {
        const { status, error } = await ask({ fileName });
        expect([status, error.code]).toEqual([400, 'VALIDATION_ERROR']);
      },
    );

    it('takes no Idempotency-Key, since the answer holds a signed address', async () => {
      const { error } = await ada.client.post(
        '/v1/images/upload-url',
        {},
        { headers: { 'Idempotency-Key': 'a' } },
      );
      expect(error.code).toBe('IDEMPOTENCY_KEY_NOT_ALLOWED');
    });
  });

  describe('uploading', () => {
    it('is refused with another type, another length or another key than was signed', async () => {
      const bytes = await photo();
      const { data } = await ask({ fileSize: bytes.length });
      const { uploadUrl, headers } = data;
      expect((await put(uploadUrl, { ...headers, 'Content-Type': 'image/png' }, bytes)).status).toBe(403);
      const longer = Buffer.concat([bytes, bytes]);
      expect((await put(uploadUrl, { 'Content-Type': 'image/jpeg' }, longer)).status).toBe(403);
      const elsewhere = uploadUrl.replace('photo.jpg', 'other.jpg');
      expect((await put(elsewhere, headers, bytes)).status).toBe(403);
      const { status, error } = await complete(ada.client, data.imageKey);
      expect([status, error.code]).toEqual([400, 'IMAGE_UPLOAD_FAILED']);
      expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
      expect((await complete(ada.client, data.imageKey)).status).toBe(200);
    });
  });

  describe('completing', () => {
    it.each(['jpeg', 'png', 'webp'] as const)(
      'turns a %s upright, strips what it tells of its owner, and makes a thumbnail',
      async (format) => {
        const bytes = await photo(format, { orientation: 6 });
        const key = await upload(ada.client, bytes, { type: `image/${format}` });
        const { data } = await complete(ada.client, key);
        expect(data).toMatchObject({ width: 480, height: 640, duplicate: false });
        const whole = await bytesAt(data.imageUrl);
        expect(whole.length).toBe(data.size);
        const seen = await sharp(whole).metadata();
        expect([seen.format, seen.width, seen.height, seen.exif, seen.orientation, seen.xmp]).toEqual([
          format,
          480,
          640,
          undefined,
          undefined,
          undefined,
        ]);
        expect(whole.includes('secret-owner')).toBe(false);
        // What was left is on top now.
        const [red = 0, green = 0] = await sharp(whole)
          .extract({ left: 200, top: 20, width: 1, height: 1 })
          .raw()
          .toBuffer();
        expect([red > 200, green < 50]).toEqual([true, true]);
        const thumbnail = await sharp(await bytesAt(data.thumbnailUrl)).metadata();
        expect([thumbnail.format, thumbnail.width, thumbnail.height, thumbnail.exif]).toEqual([
          'webp',
          400,
          400,
          undefined,
        ]);
      },
    );

    it('hands out photos as immutable, and leaves nothing of the upload', async () => {
      const key = await upload(ada.client, await photo());
      const { data } = await complete(ada.client, key);
      const { headers } = await fetch(data.imageUrl);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-type')).toBe('image/jpeg');
      expect(await objectsOf(app)).not.toContain(key);
    });

    it('enlarges what is smaller than its thumbnail, and keeps it as it is', async () => {
      const { thumbnailUrl, width } = await image(
        ada,
        await photo('png', { width: 20, height: 10 }).then((bytes) => sharp(bytes).jpeg().toBuffer()),
      );
      expect(width).toBe(20);
      expect((await sharp(await bytesAt(thumbnailUrl)).metadata()).width).toBe(400);
    });

    inside('answers the same when it is asked again, also at the same time', async () => {
      const key = await upload(ada.client, await photo());
      const answers = await Promise.all([1, 2, 3].map(() => complete(ada.client, key)));
      answers.push(await complete(ada.client, key, { caption: 'later' }));
      const [first] = answers;
      const shown = ({ data }: { data: Record<string, unknown> }) => [
        data['imageId'],
        data['width'],
        data['size'],
        data['duplicate'],
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      for (const answer of answers) expect(shown(answer)).toEqual(shown(first ?? answer));
      const { data } = await ada.client.get(`/v1/images/${first?.data.imageId}`);
      expect(data.caption).toBeNull();
      expect((await objectsOf(app)).filter((each) => each.includes(first?.data.imageId))).toHaveLength(2);
    });

    it('recognises the same content of one user, and of nobody else', async () => {
      const bytes = await photo();
      const first = await image(ada, bytes);
      const second = await image(ada, bytes);
      expect(second).toEqual({
        ...first,
        duplicate: true,
        imageUrl: second.imageUrl,
        thumbnailUrl: second.thumbnailUrl,
      });
      const others = await image(eve, bytes);
      expect([others.duplicate, others.imageId === first.imageId]).toEqual([false, false]);
      await ada.client.delete(`/v1/images/${first.imageId}`);
      expect((await image(ada, bytes)).duplicate).toBe(false);
    });

    inside('of the same content twice at once makes one image', async () => {
      const bytes = await photo();
      const keys = await Promise.all([1, 2, 3].map(() => upload(ada.client, bytes)));
      const answers = await Promise.all(keys.map((key) => complete(ada.client, key)));
      expect(new Set(answers.map(({ data }) => data.imageId)).size).toBe(1);
      const made = (await objectsOf(app)).filter((key) => key.startsWith('images/'));
      expect(
        made.filter((key) => keys.some((each) => key.includes(each.split('/')[2]?.slice(0, 36) ?? ''))),
      ).toHaveLength(2);
    });

    it('of content that is known, several times at once, answers all the same', async () => {
      const bytes = await photo();
      const first = await image(ada, bytes);
      for (let round = 0; round < 3; round += 1) {
        const key = await upload(ada.client, bytes);
        const answers = await Promise.all([1, 2, 3, 4].map(() => complete(ada.client, key)));
        expect(answers.map(({ status, data }) => [status, data?.imageId])).toEqual(
          answers.map(() => [200, first.imageId]),
        );
      }
    });

    it('again while it is being completed answers the same, at whatever step the other is', async () => {
      for (let round = 0; round < 12; round += 1) {
        const key = await upload(ada.client, await photo());
        const first = complete(ada.client, key);
        // Some requests later, so that the two meet at another step each time.
        for (let steps = 0; steps < round; steps += 1) await ada.client.get('/health');
        const answers = await Promise.all([first, complete(ada.client, key)]);
        expect(answers.map(({ status, data }) => [status, data?.imageId])).toEqual(
          answers.map(() => [200, answers[0]?.data.imageId]),
        );
      }
    });

    it.each([
      ['of somebody else', () => upload(eve.client, pdf(), { purpose: 'receipt', type: 'application/pdf' })],
      ['that was never announced', async () => `uploads/${ada.userId}/${randomUUID()}-a.jpg`],
      ['in another folder', async () => `images/${ada.userId}/${randomUUID()}-a.jpg`],
      ['with a way out', async () => `uploads/${ada.userId}/../${eve.userId}/${randomUUID()}-a.jpg`],
      ['that is no key', async () => 'x'],
    ])('refuses a key %s', async (_, keyOf) => {
      const { status, error } = await complete(ada.client, await keyOf());
      expect([status, error.code]).toEqual([404, 'IMAGE_NOT_FOUND']);
    });

    it('refuses a key whose name was changed', async () => {
      const key = await upload(ada.client, await photo());
      expect((await complete(ada.client, key.replace('photo', 'other'))).status).toBe(404);
      expect((await complete(ada.client, key)).status).toBe(200);
    });

    it('refuses what is more than 10 MB where no length was signed, and removes it', async () => {
      const { data } = await ask();
      const bytes = Buffer.concat([await photo(), Buffer.alloc(10 * 1024 * 1024)]);
      expect((await put(data.uploadUrl, data.headers, bytes)).status).toBe(200);
      const { status, error } = await complete(ada.client, data.imageKey);
      expect([status, error.code]).toEqual([413, 'IMAGE_TOO_LARGE']);
      expect(await objectsOf(app)).not.toContain(data.imageKey);
    });

    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
    );
    const withTail = async (tail: string | Buffer) => Buffer.concat([await photo(), Buffer.from(tail)]);
    it.each<[string, string, () => Promise<Buffer>]>([
      ['a PNG that was announced as a JPEG', 'image/jpeg', () => photo('png')],
      ['a WebP that was announced as a PNG', 'image/png', () => photo('webp')],
      ['an SVG', 'image/png', async () => svg],
      ['a web page', 'image/webp', async () => Buffer.from('<html><script>alert(1)</script></html>')],
      [
        'half a JPEG',
        'image/jpeg',
        async () => (await photo('jpeg', { width: 2000, height: 2000 })).subarray(0, 20_000),
      ],
      ['half a PNG', 'image/png', async () => (await photo('png')).subarray(0, -20)],
      ['a PNG with something after it', 'image/png', async () => Buffer.concat([await photo('png'), svg])],
      ['a WebP with something after it', 'image/webp', async () => Buffer.concat([await photo('webp'), svg])],
      ['a JPEG that is an archive too', 'image/jpeg', () => withTail('PK\x05\x06' + '\0'.repeat(18))],
      ['a JPEG that is a page too', 'image/jpeg', () => withTail('<script>alert(1)</script>')],
      ['a JPEG that is a script too', 'image/jpeg', () => withTail('<?php system("id"); ?>')],
      [
        'a JPEG that is a PDF too',
        'image/jpeg',
        async () =>
          Buffer.concat([
            Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 12]),
            Buffer.from('%PDF-1.4\n\n'),
            (await photo()).subarray(2),
          ]),
      ],
      [
        'bytes that only begin like a JPEG',
        'image/jpeg',
        async () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
      ],
      [
        'ten megabytes that look like the beginning of a page all over',
        'image/jpeg',
        async () =>
          Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<svg <html<script'.repeat(600_000))]),
      ],
      [
        'a PNG whose pixels are damaged',
        'image/png',
        async () => {
          const bytes = Buffer.from(await photo('png'));
          bytes.fill(0x55, 200, bytes.length - 40);
          return bytes;
        },
      ],
    ])('refuses %s, and removes it', async (_, type, bytesOf) => {
      const key = await upload(ada.client, await bytesOf(), { type });
      for (let times = 0; times < 2; times += 1) {
        const { status, error } = await complete(ada.client, key);
        expect([status, error.code]).toEqual([422, 'IMAGE_CONTENT_MISMATCH']);
      }
      expect(await objectsOf(app)).not.toContain(key);
    });

    it('refuses a picture of huge dimensions in few bytes, and removes it', async () => {
      const bomb = await sharp({ create: { width: 12_000, height: 8_000, channels: 3, background: 'red' } })
        .png({ compressionLevel: 9 })
        .toBuffer();
      expect(bomb.length).toBeLessThan(500_000);
      const key = await upload(ada.client, bomb, { type: 'image/png' });
      for (let times = 0; times < 2; times += 1) {
        const { status, error } = await complete(ada.client, key);
        expect([status, error.code]).toEqual([413, 'IMAGE_TOO_LARGE']);
      }
      expect(await objectsOf(app)).not.toContain(key);
    });
  });

  describe('receipts', () => {
    it('are read by a signed address of some minutes, as what they are, by no other', async () => {
      const { imageId, imageUrl, thumbnailUrl, width } = await receipt(ada);
      expect([thumbnailUrl, width]).toEqual([null, null]);
      const { searchParams, pathname } = new URL(imageUrl);
      expect(searchParams.get('X-Amz-Expires')).toBe('600');
      expect(pathname).toContain('/receipts/');
      const response = await fetch(imageUrl);
      expect(response.headers.get('content-type')).toBe('application/pdf');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="r.pdf"');
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(Buffer.from(await response.arrayBuffer()).toString()).toMatch(/^%PDF-/);
      const signature = searchParams.get('X-Amz-Signature') ?? '';
      const other = (signature.startsWith('0') ? '1' : '0') + signature.slice(1);
      expect((await fetch(imageUrl.replace(signature, other))).status).toBe(403);
      expect((await eve.client.get(`/v1/images/${imageId}`)).status).toBe(404);
    });

    it('may be photos, with a thumbnail that is signed as well', async () => {
      const key = await upload(ada.client, await photo(), { purpose: 'receipt' });
      const { data } = await complete(ada.client, key);
      for (const url of [data.imageUrl, data.thumbnailUrl]) {
        expect(url).toContain('/receipts/');
        expect(url).toContain('X-Amz-Signature');
      }
    });

    it('are another image than a photo of the same content', async () => {
      const bytes = await photo();
      const shown = await image(ada, bytes);
      const key = await upload(ada.client, bytes, { purpose: 'receipt' });
      expect((await complete(ada.client, key)).data).toMatchObject({ duplicate: false });
      expect(shown.imageUrl).toContain('/images/');
    });

    it.each([
      ['no PDF', Buffer.from('Not a PDF at all')],
      ['half a PDF', Buffer.from('%PDF-1.7\nand nothing more')],
      [
        'a PDF that is an archive too',
        Buffer.concat([pdf(), Buffer.from('PK\x05\x06' + '\0'.repeat(18) + '%%EOF')]),
      ],
    ])('refuse %s', async (_, bytes) => {
      const key = await upload(ada.client, bytes, { type: 'application/pdf', purpose: 'receipt' });
      expect((await complete(ada.client, key)).error.code).toBe('IMAGE_CONTENT_MISMATCH');
    });
  });

  describe('afterwards', () => {
    it('are listed newest first, in pages, by purpose', async () => {
      const person = await app.person();
      const first = await image(person);
      const paper = await receipt(person);
      const last = await image(person);
      const ids = async (query = '') =>
        (await person.client.get(`/v1/images${query}`)).data.map(({ id }: { id: string }) => id);
      expect(await ids()).toEqual([last.imageId, paper.imageId, first.imageId]);
      expect(await ids('?purpose=receipt')).toEqual([paper.imageId]);
      const page = await person.client.get('/v1/images?limit=2');
      const rest = await person.client.get(`/v1/images?limit=2&cursor=${page.body.meta.nextCursor}`);
      expect([page.data.length, rest.data.length, rest.body.meta.nextCursor]).toEqual([2, 1, null]);
    });

    it('take caption and alternative text, under If-Match', async () => {
      const { imageId } = await image(ada, undefined, { caption: 'First' });
      const path = `/v1/images/${imageId}`;
      const { data, headers } = await ada.client.get(path);
      expect(data).toMatchObject({ caption: 'First', altText: null, usedBy: [], version: 1 });
      const ifMatch = { headers: { 'If-Match': headers['etag'] ?? '' } };
      const changed = await ada.client.patch(path, { altText: 'A guitar', caption: null }, ifMatch);
      expect(changed.data).toMatchObject({ caption: null, altText: 'A guitar', version: 2 });
      expect((await ada.client.patch(path, { caption: 'x' }, ifMatch)).status).toBe(412);
      expect((await ada.client.delete(path, ifMatch)).status).toBe(412);
      const answered = await ada.client.patch(path, { purpose: 'receipt' });
      expect(answered.data.purpose).toBe('image');
    });

    it('are removed with their objects', async () => {
      const { imageId } = await image(ada);
      expect((await ada.client.delete(`/v1/images/${imageId}`)).data).toEqual({ id: imageId, deleted: true });
      expect((await ada.client.get(`/v1/images/${imageId}`)).error.code).toBe('IMAGE_NOT_FOUND');
      expect((await objectsOf(app)).filter((key) => key.includes(imageId))).toEqual([]);
      expect((await ada.client.delete(`/v1/images/${imageId}`)).status).toBe(404);
    });

    it('are nobody else’s to see, to change or to remove', async () => {
      const { imageId } = await image(ada);
      const path = `/v1/images/${imageId}`;
      for (const { status, error } of [
        await eve.client.get(path),
        await eve.client.patch(path, { caption: 'x' }),
        await eve.client.delete(path),
        await eve.client.get('/v1/images/nonsense'),
      ])
        expect([status, error.code]).toEqual([404, 'IMAGE_NOT_FOUND']);
      expect((await ada.client.get(path)).status).toBe(200);
    });

    inside('lie at the CDN where there is one; receipts never', async () => {
      const other = await app.another({ CLOUDFRONT_DOMAIN: 'cdn.example.com' });
      const client = other.client.as(ada.accessToken);
      const { imageId } = await image(ada);
      const { data } = await client.get(`/v1/images/${imageId}`);
      expect(data.imageUrl).toMatch(/^https:\/\/cdn\.example\.com\/images\/[^?]+\.jpg$/);
      expect(data.thumbnailUrl).toMatch(/^https:\/\/cdn\.example\.com\/images\/[^?]+-400\.webp$/);
      const paper = await receipt(ada);
      const { data: shown } = await client.get(`/v1/images/${paper.imageId}`);
      expect(shown.imageUrl).not.toContain('cdn.example.com');
      expect(shown.imageUrl).toContain('X-Amz-Signature');
    });
  });
});
