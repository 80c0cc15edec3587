import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeploymentMarks } from '../../src/modules/images/deployment-marks.js';
import { ImageSweeper } from '../../src/modules/images/image-sweeper.service.js';
import { Storage } from '../../src/platform/storage/storage.js';
import { actingAs } from '../support/aws-calls.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, HASTY, isolatedEnvironment, s3Endpoint } from '../support/environment.js';
import { type Fault, FaultProxy } from '../support/fault-proxy.js';
import { objectsOf } from '../support/objects.js';
import { complete, image, pdf, photo, receipt, upload } from '../support/photos.js';
import { rowsOf } from '../support/rows.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const GUITAR = { brand: 'Fender', model: 'Stratocaster', year: 1964 };
/** What breaks before it is done, and what is done and breaks then. */
const BEFORE: Fault = 'reset-before';
const AFTER: Fault = 'reset-after';
/** The SDK tries three times. */
const TRIES = 3;

describe('Completing an upload', () => {
  let app: TestApp;
  let ada: Person;
  let dynamodb: FaultProxy;
  let s3: FaultProxy;

  beforeAll(async () => {
    [dynamodb, s3] = [await FaultProxy.start(databaseEndpoint), await FaultProxy.start(s3Endpoint)];
    app = await TestApp.start({ environment: { DYNAMODB_ENDPOINT: dynamodb.url, S3_ENDPOINT: s3.url } });
    ada = await app.person('Ada');
  });
  afterAll(async () => {
    await app.stop();
    await Promise.all([dynamodb.stop(), s3.stop()]);
  });

  const proxies = () => [dynamodb, s3];
  const heal = () => proxies().forEach((proxy) => proxy.heal());
  const failFrom = (proxy: FaultProxy, call: number, fault: Fault) => {
    proxy.plan = ({ number }) => (number >= call && number < call + TRIES ? fault : undefined);
  };
  /** The objects that the bucket has and nobody completed or names. */
  const strays = async () => {
    const images = (await rowsOf(app)).filter(({ EntityType }) => EntityType === 'IMAGE');
    const named = new Set(images.flatMap(({ key, thumbnailKey }) => [key, thumbnailKey]));
    return (await objectsOf(app)).filter((key) => !named.has(key));
  };

  it.each([
    ['a photo', () => photo(), { type: 'image/jpeg' }],
    ['a receipt', async () => pdf(), { type: 'application/pdf', purpose: 'receipt' as const }],
  ])(
    'of %s survives a fault at every single call, before and after it was done',
    async (_, bytesOf, options) => {
      const guitarId = (await ada.client.post('/v1/guitars', GUITAR)).data.id;
      const clean = await upload(ada.client, await bytesOf(), options);
      heal();
      expect((await complete(ada.client, clean, { guitarId })).status).toBe(200);
      const calls = proxies().map((proxy) => proxy.calls.length);
      let broken = 0;
      for (const [which, total] of calls.entries()) {
        for (let call = 1; call <= total; call += 1) {
          for (const fault of [BEFORE, AFTER]) {
            const guitar = (await ada.client.post('/v1/guitars', GUITAR)).data;
            const key = await upload(ada.client, await bytesOf(), options);
            heal();
            failFrom(proxies()[which] as FaultProxy, call, fault);
            const first = await complete(ada.client, key, { guitarId: guitar.id });
            heal();
            if (first.status !== 200) {
              broken += 1;
              expect([first.status, first.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
            }
            const { status, data } = await complete(ada.client, key, { guitarId: guitar.id });
            expect([which, call, fault, status]).toEqual([which, call, fault, 200]);
            if (first.status === 200) expect(data.imageId).toBe(first.data.imageId);
            const shown = (await ada.client.get(`/v1/guitars/${guitar.id}`)).data;
            const attached = [
              ...shown.images.map(({ id }: { id: string }) => id),
              shown.privateInfo.receiptImageId ?? [],
            ].flat();
            expect(attached).toEqual([data.imageId]);
            expect((await fetch(data.imageUrl)).status).toBe(200);
            expect(await strays()).toEqual([]);
          }
        }
      }
      expect(broken).toBeGreaterThan(calls.reduce((sum, count) => sum + count, 0) / 2);
    },
  );

  it('answers every kind of fault in time, as an outage', async () => {
    const kinds: Fault[] = [
      'throttle',
      'internal-error',
      'bad-gateway',
      'reset-before',
      'hang',
      'hang-body',
      'cut-answer',
    ];
    const hasty = (await app.another(HASTY)).client.as(ada.accessToken);
    for (const fault of kinds) {
      // A hang takes all the time that there is: once is enough for the others.
      for (const operation of fault === 'hang' ? ['GetObject'] : ['HeadObject', 'GetObject', 'PutObject']) {
        const key = await upload(ada.client, await photo());
        s3.fail(fault, { operation });
        const began = performance.now();
        const { status, error, headers } = await complete(hasty, key);
        heal();
        // An answer to HEAD has no body that could be cut.
        if (operation === 'HeadObject' && ['cut-answer', 'hang-body'].includes(fault)) continue;
        expect([fault, operation, status, error?.code]).toEqual([
          fault,
          operation,
          503,
          'SERVICE_UNAVAILABLE',
        ]);
        expect(headers['retry-after']).toBe('2');
        // Not how fast, but that it ends.
        expect(performance.now() - began).toBeLessThan(20_000);
        expect((await complete(ada.client, key)).status).toBe(200);
      }
    }
  });

  it('that S3 does not take down with it: a photo is removed, and its objects later', async () => {
    const { imageId } = await image(ada);
    s3.fail('hang', { operation: 'DeleteObjects' });
    const hasty = (await app.another(HASTY)).client.as(ada.accessToken);
    expect((await hasty.delete(`/v1/images/${imageId}`)).status).toBe(200);
    heal();
    expect((await ada.client.get(`/v1/images/${imageId}`)).status).toBe(404);
    expect((await strays()).filter((key) => key.includes(imageId))).toHaveLength(2);
    await (app.running as SocketApp).app
      .get(Storage, { strict: false })
      .removeAll(`images/${ada.userId}/${imageId}`);
  });

  it('of what was replaced while it was looked at is refused, and can be asked again', async () => {
    const [bytes, other] = [await photo(), await photo()];
    const asked = await ada.client.post('/v1/images/upload-url', {
      fileName: 'a.jpg',
      fileType: 'image/jpeg',
    });
    const { uploadUrl, headers, imageKey } = asked.data;
    const put = (content: Buffer) =>
      fetch(uploadUrl, { method: 'PUT', headers, body: new Uint8Array(content) });
    await put(bytes);
    let replaced: Promise<unknown> | undefined;
    s3.plan = ({ operation }) => {
      if (operation === 'GetObject')
        replaced ??= fetch(uploadUrl.replace(s3.url, s3Endpoint), {
          method: 'PUT',
          headers: { ...headers, Host: new URL(s3.url).host },
          body: new Uint8Array(other),
        }).catch(() => undefined);
      return undefined;
    };
    const answer = await complete(ada.client, imageKey);
    await replaced;
    heal();
    expect([200, 400]).toContain(answer.status);
    if (answer.status === 400) {
      expect(answer.error.code).toBe('IMAGE_UPLOAD_FAILED');
      expect((await complete(ada.client, imageKey)).status).toBe(200);
    }
  });
});

describe('The sweeper of images', () => {
  it('removes uploads that nobody completed and objects that nothing names, after a day, and reports how many', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const { app: nest } = app.running as SocketApp;
      const sweep = () => work(app, 'sweepImages');
      const storage = nest.get(Storage, { strict: false });
      const ada = await app.person('Ada');
      const guitar = (await ada.client.post('/v1/guitars', GUITAR)).data;
      const kept = [
        await image(ada, undefined, { guitarId: guitar.id }),
        await image(ada),
        await receipt(ada),
      ];
      const forgotten = await upload(ada.client, await photo());
      const headers = { contentType: 'image/jpeg', cacheControl: 'no-store' };
      const id = '0197f000-0000-7000-8000-000000000001';
      const stray = [
        // An image that was never recorded.
        `images/${ada.userId}/${id}-0123456789abcdef.jpg`,
        `receipts/${ada.userId}/${id}-0123456789abcdef-400.webp`,
        // Another content of an image that is there.
        `images/${ada.userId}/${kept[0].imageId}-0123456789abcdef.jpg`,
        'images/nonsense',
      ];
      for (const key of stray) await storage.put(key, await photo(), headers);
      const before = await objectsOf(app);
      expect(await sweep()).toEqual({ uploads: 0, objects: 0 });
      expect(await objectsOf(app)).toEqual(before);
      clock.forward({ seconds: 86_400 + 60 });
      expect(await sweep()).toEqual({ uploads: 1, objects: stray.length });
      expect(await objectsOf(app)).toEqual(before.filter((key) => key !== forgotten && !stray.includes(key)));
      expect(await objectsOf(app)).toHaveLength(5);
      expect(await sweep()).toEqual({ uploads: 0, objects: 0 });
    });
  });

  const DAY_AND_MORE = { seconds: 86_400 + 60 };
  const sweeperOf = (app: TestApp) => (app.running as SocketApp).app.get(ImageSweeper, { strict: false });
  /** The same bucket with another table, as a mistyped DYNAMODB_TABLE_NAME makes it. */
  const withOtherTable = async (app: TestApp, clock: TestClock) => {
    const { DYNAMODB_TABLE_NAME = '' } = await isolatedEnvironment();
    return app.another({ DYNAMODB_TABLE_NAME }, clock);
  };

  it('takes nothing away against another table, marked or not', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const ada = await app.person('Ada');
      for (let count = 0; count < 2; count += 1) await image(ada);
      await upload(ada.client, await photo());
      clock.forward(DAY_AND_MORE);
      const before = await objectsOf(app);
      const other = await withOtherTable(app, clock);
      expect(await work(other, 'sweepImages')).toMatchObject({ uploads: 0, objects: 0 });
      expect(await objectsOf(app)).toEqual(before);
      const errors = () =>
        other.running.logs.filter(({ level }) => level === 'ERROR').map(({ message }) => message);
      expect(errors().at(-1)).toMatch(/only 0 of 4 images in the bucket have a record/);
      expect(await work(app, 'sweepImages')).toEqual({ uploads: 1, objects: 0 });
      expect(await work(other, 'sweepImages')).toMatchObject({ uploads: 0, objects: 0 });
      expect(errors().at(-1)).toMatch(/not marked as parts of one deployment/);
      expect(await objectsOf(app)).toHaveLength(4);
    });
  });

  it('takes nothing away from another bucket', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const ada = await app.person('Ada');
      await image(ada);
      await work(app, 'sweepImages');
      const { S3_BUCKET_IMAGES = '' } = await isolatedEnvironment();
      const other = await app.another({ S3_BUCKET_IMAGES }, clock);
      const storage = (other.running as SocketApp).app.get(Storage, { strict: false });
      await storage.put('images/somebody/else', await photo(), {
        contentType: 'image/jpeg',
        cacheControl: '',
      });
      clock.forward(DAY_AND_MORE);
      expect(await work(other, 'sweepImages')).toMatchObject({ uploads: 0, objects: 0 });
      expect(await storage.head('images/somebody/else')).toBeDefined();
    });
  });

  it('goes on with marks that were left half-way', async () => {
    const clock = new TestClock();
    const s3 = await FaultProxy.start(s3Endpoint);
    await TestApp.with({ clock, environment: { S3_ENDPOINT: s3.url, ...HASTY } }, async (app) => {
      const ada = await app.person('Ada');
      await image(ada);
      s3.fail('reset-before', { operation: 'PutObject' });
      await expect(work(app, 'sweepImages')).rejects.toThrow();
      s3.heal();
      const marks = (app.running as SocketApp).app.get(DeploymentMarks, { strict: false });
      expect(await marks.compare()).toBe('unfinished');
      await work(app, 'sweepImages');
      expect(await marks.compare()).toBe('same');
    });
    await s3.stop();
  });

  it('stops before it removes much, until somebody has looked', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const ada = await app.person('Ada');
      await image(ada);
      await work(app, 'sweepImages');
      const storage = (app.running as SocketApp).app.get(Storage, { strict: false });
      const headers = { contentType: 'image/jpeg', cacheControl: 'no-store' };
      for (let number = 0; number < 21; number += 1)
        await storage.put(`images/stray/${number}`, await photo(), headers);
      clock.forward(DAY_AND_MORE);
      await expect(work(app, 'sweepImages')).rejects.toThrow(/21 of 23 objects .*npm run sweep -- --confirm/);
      expect(await objectsOf(app)).toHaveLength(23);
      expect(await actingAs('sweepImages', () => sweeperOf(app).run({ confirmed: true }))).toEqual({
        uploads: 0,
        objects: 21,
      });
    });
  });
});
