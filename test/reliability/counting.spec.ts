import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/config.js';
import { EmbeddedDynamoDb } from '../../src/local/embedded-dynamodb.js';
import { ensureTable } from '../../src/local/table-definition.js';
import { daysAfter } from '../../src/platform/local-time.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, HASTY, PATIENT } from '../support/environment.js';
import { type Fault, FaultProxy } from '../support/fault-proxy.js';
import { browsing, GOOGLEBOT, portfolioOf } from '../support/portfolio.js';
import { rowsOf } from '../support/rows.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const HITS = 1000;
const AT_ONCE = 50;

/** Works through a list, so many at once, the next as soon as one is done. */
async function inParallel<T>(items: readonly T[], most: number, run: (item: T) => Promise<void>) {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
}

const print = (what: string, expected: number, counted: number) =>
  process.stdout.write(`${what}: expected ${expected}, counted ${counted}\n`);

describe('Counting a thousand hits at once, of which many repeat', () => {
  let database: EmbeddedDynamoDb;
  let app: TestApp;
  let other: TestApp;
  let proxy: FaultProxy;
  let owner: Person;
  beforeAll(async () => {
    // One of its own: other tests would wait for theirs.
    database = await EmbeddedDynamoDb.start(undefined);
    proxy = await FaultProxy.start(database.endpoint);
    const DYNAMODB_TABLE_NAME = `hearth-${randomUUID()}`;
    await ensureTable(loadConfig({ DYNAMODB_TABLE_NAME, DYNAMODB_ENDPOINT: database.endpoint }));
    app = await TestApp.start({ environment: { DYNAMODB_TABLE_NAME, DYNAMODB_ENDPOINT: proxy.url } });
    other = await app.another();
    owner = await app.owner();
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
    await database.stop();
  });

  /** By turns through two processes, and again while there is no answer, as a client would. */
  const hit = async (each: number, path: string, body: object): Promise<boolean> => {
    for (;;) {
      const { client } = each % 2 === 0 ? app : other;
      const answer = await client.post(path, body, browsing()).catch(() => undefined);
      if (answer?.status === 200) return answer.data.tracked as boolean;
      expect([undefined, 503]).toContain(answer?.status);
    }
  };
  const KINDS: readonly Fault[] = ['reset-after', 'conflict', 'cut-answer', 'reset-before'];
  /** Answers that are lost or cut off, transactions that others cancel, connections that are reset. */
  const faulty: Readonly<Record<string, (call: number) => Fault | undefined>> = {
    'without faults': () => undefined,
    'with a fault of four kinds at every fifth transaction': (call) =>
      call % 5 === 0 ? KINDS[(call / 5) % KINDS.length] : undefined,
  };

  it.each(Object.keys(faulty))('is exact: visitors, %s', async (what) => {
    const before = (await other.client.get('/v1/visitors/count')).data.count;
    const hits = Array.from({ length: HITS }, (_, n) => ({
      each: n,
      sessionId: `${what} ${(n * 7) % 300}`,
    }));
    let calls = 0;
    proxy.plan = ({ operation }) => {
      if (operation !== 'TransactWriteItems') return undefined;
      calls += 1;
      return faulty[what]?.(calls);
    };
    await inParallel(hits, AT_ONCE, async ({ each, sessionId }) => {
      await hit(each, '/v1/visitors/track', { sessionId });
    });
    proxy.heal();
    const { count } = (await other.client.get('/v1/visitors/count')).data;
    print(`visitors, ${what}`, 300, count - before);
    expect(count - before).toBe(300);
  });

  it('is exact: views of five contents, with faults of every kind', async () => {
    const make = portfolioOf(owner);
    const contents = [
      ['blog', await make.post()],
      ['blog', await make.post()],
      ['project', await make.project()],
      ['project', await make.project()],
      ['certification', await make.certification()],
    ] as const;
    const hits = Array.from({ length: HITS / 2 }, (_, n) => {
      const [contentType, { id: contentId }] = contents[n % 5] as (typeof contents)[number];
      return { contentType, contentId, sessionId: `reader ${n % 41}` };
    });
    const expected = new Set(hits.map(({ contentId, sessionId }) => `${contentId} ${sessionId}`)).size;
    let calls = 0;
    proxy.plan = ({ operation }) => {
      if (operation !== 'TransactWriteItems') return undefined;
      calls += 1;
      return calls % 7 === 0 ? KINDS[calls % KINDS.length] : undefined;
    };
    await inParallel([...hits.entries()], AT_ONCE, async ([each, body]) => {
      await hit(each, '/v1/analytics/track', body);
    });
    proxy.heal();
    const { totalViews } = (await owner.client.get('/v1/analytics/total-views')).data;
    print('views', expected, totalViews);
    expect(totalViews).toBe(expected);
  });

  it('says of each visitor once that it was counted', async () => {
    const answers: boolean[] = [];
    await inParallel(
      Array.from({ length: 200 }, (_, n) => n),
      AT_ONCE,
      async (each) => {
        answers.push(await hit(each, '/v1/visitors/track', { sessionId: `once ${each % 20}` }));
      },
    );
    expect(answers.filter(Boolean)).toHaveLength(20);
  });
});

/** A history of a site: who came on which day, what they looked at, and when the worker ran. */
interface Event {
  readonly what: 'visit' | 'view' | 'bot' | 'next day' | 'later' | 'work' | 'two workers';
  readonly who: number;
  readonly content: number;
}

describe('After any history', () => {
  const event: fc.Arbitrary<Event> = fc.record({
    what: fc.constantFrom(
      ...(['visit', 'visit', 'view', 'view', 'view', 'bot'] as const),
      ...(['next day', 'later', 'work', 'two workers'] as const),
    ),
    who: fc.nat({ max: 4 }),
    content: fc.nat({ max: 2 }),
  });

  it('totals are the sums of days, of months and of contents, and exactly what happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 60 }), async (history) => {
        const clock = new TestClock();
        clock.set('2082-02-26T12:00:00Z');
        const app = await TestApp.start({ clock });
        try {
          await replay(app, clock, history);
        } finally {
          await app.stop();
        }
      }),
      { numRuns: 8 },
    );
  });

  async function replay(app: TestApp, clock: TestClock, history: readonly Event[]): Promise<void> {
    const owner = await app.owner();
    const make = portfolioOf(owner);
    const contents = [
      { contentType: 'blog', contentId: (await make.post()).id as string },
      { contentType: 'project', contentId: (await make.project()).id as string },
      { contentType: 'certification', contentId: (await make.certification()).id as string },
    ];
    const seen = new Set<string>();
    const visitors = new Map<string, number>();
    const views = new Map<string, number>();
    let bots = 0;
    const date = () => clock.now().toISOString().slice(0, 10);
    const raise = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const { what, who, content } of history) {
      const sessionId = `somebody ${who}`;
      if (what === 'visit') {
        await app.client.post('/v1/visitors/track', { sessionId }, browsing());
        if (!seen.has(`${date()} ${who}`)) raise(visitors, date());
        seen.add(`${date()} ${who}`);
      } else if (what === 'view') {
        await app.client.post('/v1/analytics/track', { ...contents[content], sessionId }, browsing());
        const key = `${date()} ${content}`;
        if (!seen.has(`${key} ${who}`)) raise(views, key);
        seen.add(`${key} ${who}`);
      } else if (what === 'bot') {
        await app.client.post('/v1/visitors/track', { sessionId }, browsing({ 'User-Agent': GOOGLEBOT }));
        bots += 1;
      } else if (what === 'next day') clock.set(`${daysAfter(date(), 1)}T00:10:00Z`);
      else if (what === 'later') clock.forward({ seconds: 5 * 3600 });
      else if (what === 'work') await work(app, 'foldDays');
      else await Promise.all([work(app, 'foldDays'), work(app, 'foldDays')]);
    }
    const { client } = await app.signIn(owner.email);
    const get = async (path: string) => (await client.get(path)).data;
    const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0);

    const daily = (await get('/v1/visitors/trends/daily?days=90')) as { date: string; visitors: number }[];
    expect(daily.filter((day) => day.visitors > 0).map((day) => [day.date, day.visitors])).toEqual([
      ...visitors,
    ]);
    const monthly = (await get('/v1/visitors/trends/monthly?months=6')) as { visitors: number }[];
    const count = await get('/v1/visitors/count');
    expect(count).toEqual({ count: sum(visitors.values()), today: visitors.get(date()) ?? 0 });
    expect(sum(monthly.map((month) => month.visitors))).toBe(count.count);

    for (const [position, { contentType, contentId }] of contents.entries()) {
      const own = [...views].filter(([key]) => key.endsWith(` ${position}`)).map(([, number]) => number);
      expect((await get(`/v1/analytics/views/${contentType}/${contentId}`)).views).toBe(sum(own));
      const { stats } = await get(`/v1/analytics/views/${contentType}`);
      expect(stats[contentId] ?? 0).toBe(sum(own));
    }
    expect((await get('/v1/analytics/total-views')).totalViews).toBe(sum(views.values()));
    const overview = await get('/v1/analytics/overview?days=90');
    expect(overview.visitors.count).toBe(count.count);
    expect(overview.views.count).toBe(sum(views.values()));
    expect(overview.bots.count).toBe(bots);
    expect(sum(overview.trend.map((day: { views: number }) => day.views))).toBe(sum(views.values()));
    const top = Object.values(overview.topContent as Record<string, { views: number }[]>).flat();
    expect(sum(top.map((each) => each.views))).toBe(sum(views.values()));
  }
});

describe('The worker that adds up days', () => {
  const clock = new TestClock();
  let app: TestApp;
  let beyond: TestApp;
  let proxy: FaultProxy;
  let owner: Person;
  let contentId: string;
  beforeAll(async () => {
    clock.set('2082-03-01T12:00:00Z');
    proxy = await FaultProxy.start(databaseEndpoint);
    const environment = { DYNAMODB_ENDPOINT: proxy.url, ...HASTY, COUNTER_SHARDS: '2' };
    app = await TestApp.start({ clock, environment });
    beyond = await app.another({ DYNAMODB_ENDPOINT: databaseEndpoint, ...PATIENT }, clock);
    owner = await beyond.owner();
    contentId = (await portfolioOf(owner).post()).id;
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  const foldDays = (by = app) => work(by, 'foldDays') as Promise<{ folded: number; salts: number }>;
  const today = () => clock.now().toISOString().slice(0, 10);
  const hitsOf = async (sessions: number) => {
    for (let each = 0; each < sessions; each += 1) {
      const sessionId = `somebody ${each}`;
      await beyond.client.post('/v1/visitors/track', { sessionId }, browsing());
      const view = { contentType: 'blog', contentId, sessionId };
      await beyond.client.post('/v1/analytics/track', view, browsing());
    }
  };
  const totals = async () => [
    (await beyond.client.get('/v1/visitors/count')).data.count as number,
    (await beyond.client.get(`/v1/analytics/views/blog/${contentId}`)).data.views as number,
  ];

  it('waits for an hour after midnight, and then adds up each day once', async () => {
    await hitsOf(2);
    await foldDays();
    clock.set(`${daysAfter(today(), 1)}T00:59:00Z`);
    expect((await foldDays()).folded).toBe(0);
    clock.forward({ seconds: 60 });
    expect((await foldDays()).folded).toBe(1);
    expect((await foldDays()).folded).toBe(0);
    expect(await totals()).toEqual([2, 2]);
    await hitsOf(3);
    expect(await totals()).toEqual([5, 5]);
  });

  it('makes up for days on which it did not run, while numbers stay right', async () => {
    const [visitors = 0] = await totals();
    for (let days = 0; days < 5; days += 1) {
      clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
      await hitsOf(2);
    }
    expect(await totals()).toEqual([visitors + 10, visitors + 10]);
    expect((await foldDays()).folded).toBe(5);
    expect(await totals()).toEqual([visitors + 10, visitors + 10]);
  });

  it.each<Fault>(['reset-before', 'reset-after', 'hang-after'])(
    'meets a %s at any single call: the numbers stay right, then and after the next run',
    async (fault) => {
      for (let position = 0, met = true; met; position += 1) {
        clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
        await foldDays(beyond);
        const before = await totals();
        await hitsOf(1);
        const after = before.map((number) => number + 1);
        clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
        const wasMet = proxy.failOne(fault, position);
        await foldDays().catch(() => undefined);
        met = wasMet();
        proxy.heal();
        expect([position, await totals()]).toEqual([position, after]);
        await foldDays();
        expect([position, await totals()]).toEqual([position, after]);
      }
    },
  );

  it('deletes the salt of a day 48 hours after the day began, and who came is forgotten', async () => {
    clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
    const first = today();
    await hitsOf(1);
    const salts = async () => (await rowsOf(app)).filter(({ PK }) => PK === 'SALT').map(({ SK }) => SK);
    expect(await salts()).toContain(first);
    clock.set(`${daysAfter(first, 1)}T23:59:00Z`);
    await foldDays();
    expect(await salts()).toContain(first);
    clock.set(`${daysAfter(first, 2)}T00:00:00Z`);
    expect((await foldDays()).salts).toBeGreaterThan(0);
    expect(await salts()).not.toContain(first);
    const marks = (await rowsOf(app)).filter(({ PK }) => PK.startsWith(`SEEN#${first}`));
    expect(marks.length).toBeGreaterThan(0);
    const lasting = Date.parse(`${daysAfter(first, 2)}T00:00:00Z`) / 1000;
    for (const mark of marks) expect(mark['ExpiresAt']).toBe(lasting);
  });

  it('one visitor leaves a mark for each thing, of which nothing tells that they are one’s', async () => {
    clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
    const before = new Set((await rowsOf(app)).map(({ PK, SK }) => `${PK} ${SK}`));
    await hitsOf(1);
    const marks = (await rowsOf(app)).filter(
      ({ PK, SK, EntityType }) => EntityType === 'SEEN' && !before.has(`${PK} ${SK}`),
    );
    expect(marks).toHaveLength(2);
    expect(marks[0]?.SK).not.toBe(marks[1]?.SK);
    expect(marks[0]).toEqual({
      PK: expect.stringMatching(/^SEEN#\d{4}-\d{2}-\d{2}#[0-9a-f]{2}$/),
      SK: expect.stringMatching(/^[0-9a-f]{32}$/),
      EntityType: 'SEEN',
      ExpiresAt: expect.any(Number),
      CreatedAt: today(),
      UpdatedAt: today(),
      Version: 1,
      Schema: 1,
      WriteTokens: expect.any(Array),
    });
  });

  it('nothing that a hit leaves says at which hour it was', async () => {
    clock.set(`${daysAfter(today(), 1)}T15:16:17.189Z`);
    const before = new Set((await rowsOf(app)).map(({ PK, SK }) => `${PK} ${SK}`));
    await hitsOf(1);
    const body = { sessionId: 'of a path', path: '/a', referrer: 'https://news.example.org/' };
    await beyond.client.post('/v1/visitors/track', body, browsing());
    const left = (await rowsOf(app)).filter(
      ({ PK, SK, EntityType }) =>
        EntityType !== 'RATE' && EntityType !== 'SALT' && !before.has(`${PK} ${SK}`),
    );
    expect(new Set(left.map(({ EntityType }) => EntityType))).toEqual(
      new Set(['SEEN', 'OPEN_COUNT', 'SOURCE', 'SOURCES']),
    );
    expect(JSON.stringify(left)).not.toMatch(/T15:16|15:16/);
  });

  it('tells the same visitor apart from itself on the next day: nothing links the two', async () => {
    clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
    const marks = async () =>
      (await rowsOf(app)).filter(({ PK }) => PK.startsWith(`SEEN#${today()}`)).map(({ SK }) => SK);
    await hitsOf(1);
    const one = await marks();
    clock.set(`${daysAfter(today(), 1)}T12:00:00Z`);
    await hitsOf(1);
    for (const mark of await marks()) expect(one).not.toContain(mark);
  });
});

describe('Paths and hosts', () => {
  it('are at most 200 a day, however many come at once; those beyond count together', async () => {
    const app = await TestApp.start();
    try {
      const owner = await app.owner();
      const visits = Array.from({ length: 260 }, (_, n) => n);
      await inParallel(visits, 20, async (n) => {
        const body = { sessionId: `s${n}`, path: `/page-${n % 240}`, referrer: 'https://news.example.org/' };
        expect((await app.client.post('/v1/visitors/track', body, browsing())).data.tracked).toBe(true);
      });
      const rows = (await rowsOf(app)).filter(({ EntityType }) => EntityType === 'SOURCE');
      const paths = rows.filter(({ PK }) => PK === 'PATHS');
      expect(paths).toHaveLength(201);
      expect(paths.reduce((sum, { count }) => sum + (count as number), 0)).toBe(260);
      const { topPaths, topReferrers } = (await owner.client.get('/v1/analytics/overview')).data;
      expect(topPaths[0].name).toBe('(other)');
      expect(topReferrers).toEqual([{ name: 'news.example.org', count: 260 }]);
    } finally {
      await app.stop();
    }
  });
});
