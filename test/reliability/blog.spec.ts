import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyTextOf } from '../../src/platform/key-text.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, HASTY, PATIENT } from '../support/environment.js';
import { type Fault, FaultProxy } from '../support/fault-proxy.js';
import { portfolioOf, POST } from '../support/portfolio.js';
import { type Row, rowsOf } from '../support/rows.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const POSTS = '/v1/blog/posts';
const pathOf = ({ id }: { id: string }) => `${POSTS}/${id}`;

/** What the rows of posts say, held against each other: every list, count, slug and text is that of its post. */
async function assertConsistent(app: TestApp): Promise<Row[]> {
  const rows = (await rowsOf(app)).filter(({ PK }) => /^(BLOG#|SLUG#BLOG#)/.test(PK));
  const posts = rows.filter(({ SK, PK }) => SK === 'METADATA' && PK.startsWith('BLOG#'));
  const published = posts.filter(({ Status }) => Status === 'PUBLISHED');
  const keysOf = (list: readonly Row[]) => list.map(({ PK, SK }) => `${PK} ${SK}`).sort();

  const texts = rows.filter(({ SK }) => SK === 'CONTENT');
  expect(keysOf(texts)).toEqual(posts.map(({ PK }) => `${PK} CONTENT`).sort());

  const tags = rows.filter(({ SK }) => SK.startsWith('TAG#'));
  const wanted = published.flatMap((post) =>
    (post['tags'] as string[]).map((tag) => `${post.PK} TAG#${keyTextOf(tag)}`),
  );
  expect(keysOf(tags)).toEqual(wanted.sort());
  for (const { PK, GSI1SK, post } of tags) {
    const whole = posts.find((each) => each.PK === PK);
    expect(GSI1SK).toBe(whole?.['GSI1SK']);
    expect(post).toMatchObject({
      title: whole?.['title'],
      slug: whole?.['slug'],
      version: whole?.['Version'],
    });
  }

  const slugs = rows.filter(({ PK }) => PK.startsWith('SLUG#BLOG#'));
  const locked = slugs.map((lock) => `${lock.PK.slice('SLUG#BLOG#'.length)} ${String(lock['postId'])}`);
  const had = posts.flatMap((post) =>
    [post['slug'] as string, ...(post['formerSlugs'] as string[])].map(
      (slug) => `${slug} ${post.PK.slice(5)}`,
    ),
  );
  expect(locked.sort()).toEqual(had.sort());

  for (const [partition, namesOf] of [
    ['BLOG#CATEGORIES', (post: Row) => [post['category'] as string]],
    ['BLOG#TAGS', (post: Row) => post['tags'] as string[]],
  ] as const) {
    const counts = new Map<string, number>();
    for (const name of published.flatMap(namesOf))
      counts.set(keyTextOf(name), (counts.get(keyTextOf(name)) ?? 0) + 1);
    const counted = rows
      .filter(({ PK, count }) => PK === partition && count !== 0)
      .map(({ SK, count }) => [SK, count]);
    expect(counted.sort()).toEqual([...counts].sort());
  }
  return posts;
}

describe('Posts, changed by many at once', () => {
  const clock = new TestClock();
  let app: TestApp;
  let proxy: FaultProxy;
  let owner: Person;
  let patience: Person;
  beforeAll(async () => {
    proxy = await FaultProxy.start(databaseEndpoint);
    app = await TestApp.start({
      clock,
      environment: { DYNAMODB_ENDPOINT: proxy.url, ...HASTY },
    });
    owner = await app.owner();
    // Many at once wait for one database.
    const patient = await app.another(PATIENT, clock);
    patience = { ...owner, client: patient.client.as(owner.accessToken) };
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  it('have exact counts after forty are published at the same time, into few categories and tags', async () => {
    const make = portfolioOf(patience);
    const drafts = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        make.draft({ title: `Post ${n}`, category: `Category ${n % 3}`, tags: ['all', `tag ${n % 4}`] }),
      ),
    );
    let calls = 0;
    // On real DynamoDB transactions that meet on one item cancel each other; no emulator shows it.
    proxy.plan = ({ operation }) => {
      calls += operation === 'TransactWriteItems' ? 1 : 0;
      return operation === 'TransactWriteItems' && calls % 3 === 0 ? 'conflict' : undefined;
    };
    const answers = await Promise.all(drafts.map((post) => patience.client.post(`${pathOf(post)}/publish`)));
    expect(answers.map(({ status }) => status)).toEqual(drafts.map(() => 200));
    proxy.heal();
    await assertConsistent(app);
    const { data } = await app.client.get('/v1/blog/tags');
    expect(data).toContainEqual({ name: 'all', count: 40 });
    await Promise.all(drafts.slice(0, 25).map((post) => patience.client.delete(pathOf(post))));
    await assertConsistent(app);
    expect((await app.client.get('/v1/blog/tags')).data).toContainEqual({ name: 'all', count: 15 });
    await Promise.all(drafts.slice(25).map((post) => patience.client.delete(pathOf(post))));
    expect((await app.client.get('/v1/blog/categories')).data).toEqual([]);
  });

  it('agree with their lists, counts and slugs after any commands at the same time', async () => {
    const command = fc.record({
      post: fc.nat({ max: 3 }),
      what: fc.constantFrom('publish', 'unpublish', 'schedule', 'change', 'slug', 'delete'),
      category: fc.constantFrom('One', 'one', 'Two'),
      tags: fc.subarray(['a', 'A', 'b', 'ç', 'c', 'd'], { minLength: 1 }),
      slug: fc.constantFrom('slug-one', 'slug-two', 'slug-three'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), async (commands) => {
        const make = portfolioOf(patience);
        const posts = await Promise.all([0, 1, 2, 3].map((n) => make.draft({ title: `Post ${n}` })));
        const run = ({ post, what, category, tags, slug }: (typeof commands)[number]) => {
          const path = pathOf(posts[post]);
          const act = {
            publish: () => patience.client.post(`${path}/publish`),
            unpublish: () => patience.client.post(`${path}/unpublish`),
            schedule: () => patience.client.post(`${path}/schedule`, { publishAt: '2090-01-01T00:00:00Z' }),
            change: () => patience.client.put(path, { category, tags, content: `Of ${category}` }),
            slug: () => patience.client.put(path, { slug: `${slug}-${post % 2}` }),
            delete: () => patience.client.delete(path),
          };
          return act[what]();
        };
        const answers = await Promise.all(commands.map(run));
        for (const { status } of answers) expect([200, 404, 409]).toContain(status);
        await assertConsistent(app);
        await Promise.all(posts.map((post) => patience.client.delete(pathOf(post))));
        expect(await assertConsistent(app)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it.each<Fault>(['reset-before', 'reset-after', 'hang-after', 'cut-answer'])(
    'are written whole or not at all when any call of a request meets %s, and the repetition ends it',
    async (fault) => {
      const make = portfolioOf(owner);
      const headers = (key: string) => ({ headers: { 'Idempotency-Key': key } });
      for (let position = 0; position < 12; position += 1) {
        const post = await make.post({ title: 'Whole', tags: ['x', 'y'] });
        const key = `${fault}-${position}`;
        const wasMet = proxy.failOne(fault, position);
        const requests = [
          () => owner.client.post(POSTS, { ...POST, title: 'New' }, headers(key)),
          () => owner.client.put(pathOf(post), { slug: 'elsewhere', tags: ['y', 'z'], content: 'New' }),
          () => owner.client.delete(pathOf(post)),
        ];
        for (const request of requests) {
          const { status } = await request();
          expect([200, 201, 404, 409, 503]).toContain(status);
          await assertConsistent(app);
        }
        proxy.heal();
        // A key that could not be freed lets go by its age.
        clock.forward({ seconds: 31 });
        const again = await owner.client.post(POSTS, { ...POST, title: 'New' }, headers(key));
        expect([position, again.status]).toEqual([position, 201]);
        await owner.client.delete(pathOf(post));
        const left = await assertConsistent(app);
        expect(left.map(({ PK }) => PK)).toEqual([`BLOG#${again.data.id}`]);
        await owner.client.delete(pathOf(again.data));
        if (!wasMet()) break;
      }
    },
  );
});

describe('Scheduled posts', () => {
  const clock = new TestClock();
  let app: TestApp;
  let beyond: TestApp;
  let proxy: FaultProxy;
  let owner: Person;
  const DUE = '2082-03-02T08:00:00.000Z';

  beforeAll(async () => {
    clock.set('2082-03-01T12:00:00Z');
    proxy = await FaultProxy.start(databaseEndpoint);
    const environment = { DYNAMODB_ENDPOINT: proxy.url, ...HASTY };
    app = await TestApp.start({ clock, environment });
    beyond = await app.another({ DYNAMODB_ENDPOINT: databaseEndpoint, ...PATIENT }, clock);
    owner = await beyond.owner();
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  const publishPosts = async (by = app) => (await work(by, 'publishPosts')) as { due: number; done: number };
  const again = async () => {
    clock.set('2082-03-01T12:00:00Z');
    return portfolioOf(await beyond.signIn(owner.email));
  };
  const scheduled = async (count: number, publishAt = DUE) => {
    const make = await again();
    const { client } = await beyond.signIn(owner.email);
    const drafts = await Promise.all(Array.from({ length: count }, (_, n) => make.draft({ title: `P${n}` })));
    await Promise.all(drafts.map((post) => client.post(`${pathOf(post)}/schedule`, { publishAt })));
    return drafts as { id: string }[];
  };
  const statesOf = async (posts: readonly { id: string }[]) => {
    const rows = await assertConsistent(beyond);
    return posts.map(({ id }) => {
      const row = rows.find(({ PK }) => PK === `BLOG#${id}`) as Record<string, string> | undefined;
      return `${row?.['Status']} ${row?.['publishedAt'] ?? '-'}`;
    });
  };
  const cleared = async () => {
    clock.set('2082-03-01T12:00:00Z');
    const { client } = await beyond.signIn(owner.email);
    const rows = await assertConsistent(beyond);
    await Promise.all(rows.map(({ PK }) => client.delete(`${POSTS}/${PK.slice(5)}`)));
  };

  it('are published at their instant and not before, dated by it however late the worker is', async () => {
    const posts = await scheduled(2);
    clock.set('2082-03-02T07:59:59Z');
    expect(await publishPosts()).toEqual({ due: 0, done: 0 });
    expect(await statesOf(posts)).toEqual(['SCHEDULED -', 'SCHEDULED -']);
    clock.set('2082-03-02T08:03:00Z');
    expect(await publishPosts()).toEqual({ due: 2, done: 2 });
    expect(await statesOf(posts)).toEqual([`PUBLISHED ${DUE}`, `PUBLISHED ${DUE}`]);
    expect(await publishPosts()).toEqual({ due: 0, done: 0 });
    expect((await app.client.get(pathOf(posts[0] as { id: string }))).status).toBe(200);
    await cleared();
  });

  it('that were moved, called off or published by hand are left alone', async () => {
    const posts = await scheduled(3);
    const { client } = await beyond.signIn(owner.email);
    const [moved, off, byHand] = posts.map(pathOf);
    await client.post(`${moved}/schedule`, { publishAt: '2082-03-09T08:00:00Z' });
    await client.post(`${off}/unpublish`);
    await client.post(`${byHand}/publish`);
    clock.set('2082-03-02T08:00:00Z');
    expect(await publishPosts()).toEqual({ due: 0, done: 0 });
    expect(await statesOf(posts)).toEqual(['SCHEDULED -', 'DRAFT -', 'PUBLISHED 2082-03-01T12:00:00.000Z']);
    await cleared();
  });

  it('are published once by several workers at once', async () => {
    const posts = await scheduled(12);
    clock.set(DUE);
    const runs = await Promise.all([publishPosts(), publishPosts(beyond), publishPosts(beyond)]);
    expect(runs.reduce((sum, { done }) => sum + done, 0)).toBe(12);
    expect(new Set(await statesOf(posts))).toEqual(new Set([`PUBLISHED ${DUE}`]));
    await cleared();
  });

  it.each<Fault>(['reset-before', 'reset-after', 'hang-after'])(
    'a %s at any single call of the worker: published once after the next run',
    async (fault) => {
      const first = await scheduled(1);
      clock.set(DUE);
      proxy.calls.length = 0;
      await publishPosts();
      const calls = proxy.calls.length;
      expect(await statesOf(first)).toEqual([`PUBLISHED ${DUE}`]);
      await cleared();
      for (let position = 0; position < calls; position += 1) {
        const posts = await scheduled(1);
        clock.set(DUE);
        proxy.heal();
        proxy.failOne(fault, position);
        await publishPosts().catch(() => undefined);
        proxy.heal();
        await publishPosts();
        expect([position, await statesOf(posts)]).toEqual([position, [`PUBLISHED ${DUE}`]]);
        await cleared();
      }
    },
  );
});
