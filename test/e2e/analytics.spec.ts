import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/clock.js';
import { browsing, CERTIFICATION, GOOGLEBOT, portfolioOf, strangers } from '../support/portfolio.js';
import { rowsOf } from '../support/rows.js';
import { type Person, TestApp } from '../support/test-app.js';

const MISSING = '00000000-0000-7000-8000-000000000000';
const today = () => new Date().toISOString().slice(0, 10);

describe('Visitors and views', () => {
  let app: TestApp;
  let owner: Person;
  let member: Person;
  let stranger: ReturnType<typeof strangers>;
  let make: ReturnType<typeof portfolioOf>;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    member = await app.person('Eve');
    stranger = strangers(app.client);
    make = portfolioOf(owner);
  });
  afterAll(() => app.stop());

  const visit = async (body: object = {}, more: Record<string, string> = {}, client = stranger()) =>
    (await client.post('/v1/visitors/track', body, browsing(more))).data;
  const view = async (contentType: string, contentId: string, client = stranger(), body: object = {}) =>
    client.post('/v1/analytics/track', { contentType, contentId, ...body }, browsing());
  const visitors = async () => (await app.client.get('/v1/visitors/count')).data;

  describe('a visitor', () => {
    it('counts once a day, told apart by address and browser', async () => {
      const [before, one, other] = [await visitors(), stranger(), stranger()];
      expect(await visit({}, {}, one)).toEqual({ count: before.count + 1, tracked: true });
      expect(await visit({}, {}, one)).toEqual({
        count: before.count + 1,
        tracked: false,
        reason: 'repeated',
      });
      expect(await visit({}, {}, other)).toMatchObject({ count: before.count + 2, tracked: true });
      const safari = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15';
      expect(await visit({}, { 'User-Agent': safari }, one)).toMatchObject({ tracked: true });
      expect(await visitors()).toEqual({ count: before.count + 3, today: before.today + 3 });
    });

    it('counts once a session where it says one, wherever that comes from', async () => {
      const body = { sessionId: 'a7d0c6e2' };
      expect((await visit(body)).tracked).toBe(true);
      expect(await visit(body)).toMatchObject({ tracked: false, reason: 'repeated' });
      expect((await visit({ sessionId: 'another' })).tracked).toBe(true);
    });

    it.each([
      ['optedOut', { DNT: '1' }],
      ['optedOut', { 'Sec-GPC': '1' }],
      ['prefetch', { 'Sec-Purpose': 'prefetch;prerender' }],
      ['prefetch', { 'X-Moz': 'prefetch' }],
      ['bot', { 'User-Agent': GOOGLEBOT }],
      ['bot', { 'User-Agent': 'curl/8.5.0' }],
    ])('is not counted, and told why: %s by %j', async (reason, headers) => {
      const before = await visitors();
      expect(await visit({}, headers as unknown as Record<string, string>)).toEqual({
        count: before.count,
        tracked: false,
        reason,
      });
      expect(await visitors()).toEqual(before);
    });

    it('is not counted if it is the owner; a member is', async () => {
      expect(await visit({}, {}, owner.client)).toMatchObject({ tracked: false, reason: 'owner' });
      expect(await visit({}, {}, member.client.from('127.9.9.9'))).toMatchObject({ tracked: true });
      const { status } = await app.client.as('bad').post('/v1/visitors/track', {}, browsing());
      expect(status).toBe(401);
    });

    it.each([
      [{ sessionId: 'x'.repeat(129) }, 'sessionId'],
      [{ path: 'blog' }, 'path'],
      [{ path: '//example.com' }, 'path'],
      [{ path: `/${'x'.repeat(2000)}` }, 'path'],
      [{ referrer: 'news' }, 'referrer'],
      [{ path: '/\t/[' }, 'path'],
      [{ path: '/\t/example.com' }, 'path'],
      [{ path: '/\\example.com' }, 'path'],
      [{ address: '192.0.2.1' }, 'address'],
    ])('refuses %j', async (body, field) => {
      const { status, error } = await stranger().post('/v1/visitors/track', body, browsing());
      expect([status, error.details?.[0]?.field]).toEqual([400, field]);
    });
  });

  describe('a view', () => {
    it('counts once a visitor and day for each content', async () => {
      const [post, project, certification] = [
        await make.post(),
        await make.project(),
        await make.certification(),
      ];
      const someone = stranger();
      for (const [type, { id }] of [
        ['blog', post],
        ['project', project],
        ['certification', certification],
      ] as const) {
        expect((await view(type, id, someone)).data).toEqual({ views: 1, tracked: true });
        expect((await view(type, id, someone)).data).toEqual({
          views: 1,
          tracked: false,
          reason: 'repeated',
        });
        expect((await view(type, id)).data).toEqual({ views: 2, tracked: true });
        const { data, headers } = await app.client.get(`/v1/analytics/views/${type}/${id}`);
        expect(data).toEqual({ contentId: id, contentType: type, views: 2 });
        expect(headers['cache-control']).toContain('public');
        const all = (await owner.client.get(`/v1/analytics/views/${type}`)).data;
        expect(all).toMatchObject({ contentType: type, stats: { [id]: 2 } });
      }
      expect((await view('blog', post.id, owner.client)).data).toMatchObject({ reason: 'owner' });
    });

    it('of what is not published, or another type, is of nothing', async () => {
      const { id } = await make.draft();
      const project = await make.project();
      for (const [type, contentId] of [
        ['blog', id],
        ['blog', project.id],
        ['project', MISSING],
      ] as const) {
        expect((await view(type, contentId)).error.code).toBe('CONTENT_NOT_FOUND');
        expect((await view(type, contentId, owner.client)).error.code).toBe('CONTENT_NOT_FOUND');
        const read = await app.client.get(`/v1/analytics/views/${type}/${contentId}`);
        expect(read.error.code).toBe('CONTENT_NOT_FOUND');
      }
      expect((await view('page', MISSING)).error.details?.[0]?.field).toBe('contentType');
      expect((await view('blog', 'x')).error.details?.[0]?.field).toBe('contentId');
      expect((await app.client.get(`/v1/analytics/views/page/${MISSING}`)).status).toBe(404);
      expect((await owner.client.get('/v1/analytics/views/page')).error.code).toBe('CONTENT_NOT_FOUND');
    });
  });

  describe('reports', () => {
    it('rank contents by their views, with titles, and leave out what is gone', async () => {
      const [much, little] = [
        await make.post({ title: 'Viewed thrice' }),
        await make.post({ title: 'Viewed twice' }),
      ];
      const gone = await make.post({ title: 'Gone' });
      for (const [{ id }, times] of [
        [much, 3],
        [little, 2],
        [gone, 4],
      ] as const)
        for (let each = 0; each < times; each += 1) await view('blog', id);
      await owner.client.delete(`/v1/blog/posts/${gone.id}`);
      const { blogs } = (await owner.client.get('/v1/analytics/top-content?limit=2')).data;
      expect(blogs).toEqual([
        { contentId: much.id, title: 'Viewed thrice', views: 3 },
        { contentId: expect.any(String), title: expect.any(String), views: 2 },
      ]);
      const stats = (await owner.client.get('/v1/analytics/views/blog')).data.stats;
      expect(stats[gone.id]).toBe(4);
    });

    it('agree with each other', async () => {
      const types = ['blog', 'project', 'certification'];
      const stats = await Promise.all(
        types.map(async (type) => (await owner.client.get(`/v1/analytics/views/${type}`)).data.stats),
      );
      const sum = stats
        .flatMap((each) => Object.values(each as Record<string, number>))
        .reduce((total, views) => total + views, 0);
      const { totalViews } = (await owner.client.get('/v1/analytics/total-views')).data;
      expect(totalViews).toBe(sum);
      const { count } = await visitors();
      const overview = (await owner.client.get('/v1/analytics/overview?days=7')).data;
      expect(overview.views).toEqual({ count: sum, previous: 0, change: null });
      expect(overview.visitors).toEqual({ count, previous: 0, change: null });
      expect(overview.trend).toHaveLength(7);
      expect(overview.trend.at(-1)).toEqual({ date: today(), visitors: count, views: sum });
      expect(overview.bots.count).toBeGreaterThan(0);
      const daily = (await owner.client.get('/v1/visitors/trends/daily')).data;
      expect(daily).toHaveLength(30);
      expect(daily.at(-1)).toEqual({ date: today(), visitors: count });
      expect(daily[0].visitors).toBe(0);
      const monthly = (await owner.client.get('/v1/visitors/trends/monthly?months=3')).data;
      expect(monthly.map(({ visitors: each }: { visitors: number }) => each)).toEqual([0, 0, count]);
      expect(monthly.at(-1).month).toBe(today().slice(0, 7));
    });

    it.each([
      '/v1/visitors/trends/daily?days=91',
      '/v1/visitors/trends/daily?days=0',
      '/v1/visitors/trends/monthly?months=25',
      '/v1/analytics/top-content?limit=21',
      '/v1/analytics/overview?days=x',
    ])('%s is refused', async (path) => {
      expect((await owner.client.get(path)).status).toBe(400);
    });

    it('are the owner’s alone, and never kept by caches', async () => {
      for (const path of [
        '/v1/visitors/trends/daily',
        '/v1/visitors/trends/monthly',
        '/v1/analytics/views/blog',
        '/v1/analytics/top-content',
        '/v1/analytics/total-views',
        '/v1/analytics/overview',
      ]) {
        expect((await app.client.get(path)).status).toBe(401);
        expect((await member.client.get(path)).status).toBe(403);
        expect((await owner.client.get(path)).headers['cache-control']).toBe('no-store');
      }
    });
  });

  describe('paths and hosts', () => {
    it('are kept as totals: without queries and fragments, and not the site’s own host', async () => {
      const origin = { Origin: 'https://example.com' };
      await visit(
        { path: '/blog?mail=ada@example.com#x', referrer: 'https://news.example.org/item?id=7' },
        origin,
      );
      await visit({ path: '/blog', referrer: 'https://example.com/about' }, origin);
      await visit({ path: '/', referrer: '' }, origin);
      const { topPaths, topReferrers } = (await owner.client.get('/v1/analytics/overview')).data;
      expect(topPaths).toEqual([
        { name: '/blog', count: 2 },
        { name: '/', count: 1 },
      ]);
      expect(topReferrers).toEqual([{ name: 'news.example.org', count: 1 }]);
      // Of no host that could be kept; the visits count all the same.
      for (const referrer of [
        'about:blank',
        'android-app://com.example',
        `https://${'a'.repeat(1500)}.com/`,
        'https://(other)/',
      ])
        expect((await visit({ referrer })).tracked).toBe(true);
      const again = (await owner.client.get('/v1/analytics/overview')).data.topReferrers;
      expect(again.map(({ name }: { name: string }) => name)).toEqual(['news.example.org']);
      expect(JSON.stringify(await rowsOf(app))).not.toMatch(/mail=ada|item\?id/);
    });
  });

  it('nothing of an address, a browser or a session lies in the table', async () => {
    const sessionId = 'session-that-nobody-must-keep';
    const client = app.client.from('127.77.77.77');
    await visit({}, {}, client);
    await visit({ sessionId }, {}, client);
    const text = JSON.stringify(await rowsOf(app));
    const plain = ['127.77.77.77', sessionId, 'Firefox/140'];
    for (const secret of [...plain, Buffer.from(sessionId).toString('base64')])
      expect(text).not.toContain(secret);
  });

  it('too many hits of one address are refused for a minute', () =>
    TestApp.with(
      { environment: { RATE_LIMIT_TRACKING_PER_MINUTE: '3' }, clock: new TestClock() },
      async (other) => {
        const { client } = await other.owner();
        const { data } = await client.post('/v1/certifications', CERTIFICATION);
        await client.post(`/v1/certifications/${data.id}/publish`);
        const hit = () => other.client.post('/v1/visitors/track', {}, browsing());
        for (let each = 0; each < 3; each += 1) expect((await hit()).status).toBe(200);
        const body = { contentType: 'certification', contentId: data.id };
        const over = await other.client.post('/v1/analytics/track', body, browsing());
        expect([over.status, over.error.code]).toEqual([429, 'RATE_LIMITED']);
        expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
      },
    ));
});
