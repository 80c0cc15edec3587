import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browsing, CERTIFICATION, portfolioOf, POST, PROJECT } from '../support/portfolio.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

const ID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const INSTANT = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const today = new Date().toISOString().slice(0, 10);

/** The 34 operations behind seed 003, and refresh: each by its number and name. */
describe('Seed 003', () => {
  let app: TestApp;
  let owner: Person;
  let make: ReturnType<typeof portfolioOf>;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    make = portfolioOf(owner);
  });
  afterAll(() => app.stop());

  const login = () => app.client.post('/v1/auth/login', { email: owner.email, password: PASSWORD });

  describe('authentication', () => {
    it('1 POST /auth/login gives tokens and the user', async () => {
      const { status, data } = await login();
      expect(status).toBe(200);
      expect(data).toMatchObject({
        accessToken: expect.any(String),
        idToken: expect.any(String),
        refreshToken: expect.any(String),
        tokenType: 'Bearer',
        expiresIn: 3600,
        user: { id: owner.userId, email: owner.email, role: 'owner' },
      });
    });

    it('2 POST /auth/logout ends the session', async () => {
      const { accessToken, refreshToken } = (await login()).data;
      const { data } = await app.client.as(accessToken).post('/v1/auth/logout', { refreshToken });
      expect(data).toEqual({ loggedOut: true });
      expect((await app.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    });

    it('3 GET /auth/me shows who is signed in, also by id token', async () => {
      const { idToken } = (await login()).data;
      for (const client of [owner.client, app.client.as(idToken)]) {
        const { data } = await client.get('/v1/auth/me');
        expect(data).toMatchObject({ id: owner.userId, email: owner.email, name: 'owner', role: 'owner' });
      }
    });

    it('35 POST /auth/refresh gives new tokens', async () => {
      const { refreshToken } = (await login()).data;
      const { status, data } = await app.client.post('/v1/auth/refresh', { refreshToken });
      expect(status).toBe(200);
      expect(data).toMatchObject({ accessToken: expect.any(String), expiresIn: 3600 });
    });
  });

  describe('blog', () => {
    const listed = {
      id: ID,
      slug: expect.any(String),
      title: POST.title,
      excerpt: POST.excerpt,
      category: POST.category,
      tags: POST.tags,
      readTime: 1,
      coverImageUrl: null,
      canonicalUrl: null,
      publishAt: null,
      createdAt: INSTANT,
      updatedAt: INSTANT,
      version: expect.any(Number),
    };
    const draft = { ...listed, content: POST.content, status: 'draft', publishedAt: null };
    const published = { ...listed, content: POST.content, status: 'published', publishedAt: INSTANT };
    const path = (post: { id: string }) => `/v1/blog/posts/${post.id}`;

    it('4 GET /blog/posts lists what is published; the owner sees all', async () => {
      const [shown, hidden] = [await make.post(), await make.draft()];
      const { data, body } = await app.client.get('/v1/blog/posts?category=Workshop&tag=setup&limit=100');
      expect(data[0]).toEqual({ ...listed, status: 'published', publishedAt: INSTANT });
      expect(body.meta).toEqual({ count: data.length, nextCursor: null });
      const all = (await owner.client.get('/v1/blog/posts?status=all&limit=100')).data as { id: string }[];
      expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([shown.id, hidden.id]));
      expect(data.map(({ id }: { id: string }) => id)).not.toContain(hidden.id);
    });

    it('5 POST /blog/posts makes a draft', async () => {
      const { status, data } = await owner.client.post('/v1/blog/posts', POST);
      expect([status, data]).toEqual([201, draft]);
    });

    it('6 GET /blog/posts/{postId} shows a post; a draft to the owner alone', async () => {
      const [shown, hidden] = [await make.post(), await make.draft()];
      expect((await app.client.get(path(shown))).data).toEqual(published);
      expect((await app.client.get(path(hidden))).status).toBe(404);
      expect((await owner.client.get(path(hidden))).data).toEqual(draft);
    });

    it('7 PUT /blog/posts/{postId} changes what is given', async () => {
      const post = await make.draft();
      const { data } = await owner.client.put(path(post), { title: 'Other' });
      expect(data).toEqual({ ...draft, title: 'Other' });
    });

    it('8 DELETE /blog/posts/{postId} removes it', async () => {
      const post = await make.draft();
      expect((await owner.client.delete(path(post))).data).toEqual({ id: post.id, deleted: true });
      expect((await owner.client.get(path(post))).status).toBe(404);
    });

    it('9 POST /blog/posts/{postId}/publish shows it', async () => {
      const post = await make.draft();
      const { status, data } = await owner.client.post(`${path(post)}/publish`);
      expect([status, data]).toEqual([200, published]);
    });

    it('10 POST /blog/posts/{postId}/unpublish hides it', async () => {
      const post = await make.post();
      const { status, data } = await owner.client.post(`${path(post)}/unpublish`);
      expect([status, data]).toEqual([200, { ...published, status: 'draft' }]);
    });

    it('11 GET /blog/categories counts published posts', async () => {
      await make.post({ category: 'Counted' });
      await make.draft({ category: 'Counted' });
      const { data } = await app.client.get('/v1/blog/categories');
      expect(data).toContainEqual({ name: 'Counted', count: 1 });
    });
  });

  const entries = [
    {
      first: 12,
      name: 'projects',
      parameter: 'projectId',
      body: PROJECT,
      filters: 'featured=false',
      shape: {
        ...PROJECT,
        id: ID,
        longDescription: null,
        company: null,
        featured: false,
        githubUrl: null,
        liveUrl: null,
        imageUrl: null,
        createdAt: INSTANT,
        updatedAt: INSTANT,
        version: expect.any(Number),
      },
    },
    {
      first: 19,
      name: 'certifications',
      parameter: 'certificationId',
      body: CERTIFICATION,
      filters: 'type=certification&featured=false',
      shape: {
        ...CERTIFICATION,
        id: ID,
        icon: null,
        featured: false,
        description: null,
        credentialUrl: null,
        credentialId: null,
        expiresAt: null,
        validity: 'valid',
        createdAt: INSTANT,
        updatedAt: INSTANT,
        version: expect.any(Number),
      },
    },
  ];
  describe.each(entries)('$name', ({ first, name, parameter, body, filters, shape }) => {
    const path = (entry: { id: string }) => `/v1/${name}/${entry.id}`;
    const create = async () => (await owner.client.post(`/v1/${name}`, body)).data;
    const published = async () => (await owner.client.post(`${path(await create())}/publish`)).data;

    it(`${first} GET /${name} lists what is published; the owner sees all`, async () => {
      const [shown, hidden] = [await published(), await create()];
      const { data, body: answer } = await app.client.get(`/v1/${name}?${filters}&limit=100`);
      expect(data).toContainEqual({ ...shape, id: shown.id, status: 'published' });
      expect(data.map(({ id }: { id: string }) => id)).not.toContain(hidden.id);
      expect(answer.meta.nextCursor).toBeNull();
      const all = (await owner.client.get(`/v1/${name}?status=all&limit=100`)).data as { id: string }[];
      expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([shown.id, hidden.id]));
    });

    it(`${first + 1} POST /${name} makes a draft`, async () => {
      const { status, data } = await owner.client.post(`/v1/${name}`, body);
      expect([status, data]).toEqual([201, { ...shape, status: 'draft' }]);
    });

    it(`${first + 2} GET /${name}/{${parameter}} shows it; a draft to the owner alone`, async () => {
      const [shown, hidden] = [await published(), await create()];
      expect((await app.client.get(path(shown))).data).toEqual({ ...shape, status: 'published' });
      expect((await app.client.get(path(hidden))).status).toBe(404);
      expect((await owner.client.get(path(hidden))).status).toBe(200);
    });

    it(`${first + 3} PUT /${name}/{${parameter}} changes what is given`, async () => {
      const { data } = await owner.client.put(path(await create()), { name: 'Other' });
      expect(data).toEqual({ ...shape, name: 'Other', status: 'draft' });
    });

    it(`${first + 4} DELETE /${name}/{${parameter}} removes it`, async () => {
      const entry = await create();
      expect((await owner.client.delete(path(entry))).data).toEqual({ id: entry.id, deleted: true });
      expect((await owner.client.get(path(entry))).status).toBe(404);
    });

    it(`${first + 5} POST /${name}/{${parameter}}/publish shows it`, async () => {
      const { status, data } = await owner.client.post(`${path(await create())}/publish`);
      expect([status, data]).toEqual([200, { ...shape, status: 'published' }]);
    });

    it(`${first + 6} POST /${name}/{${parameter}}/unpublish hides it`, async () => {
      const { status, data } = await owner.client.post(`${path(await published())}/unpublish`);
      expect([status, data]).toEqual([200, { ...shape, status: 'draft' }]);
    });
  });

  describe('visitors', () => {
    const track = (sessionId: string) =>
      app.client.post('/v1/visitors/track', { sessionId, path: '/' }, browsing());

    it('26 POST /visitors/track counts a visitor once', async () => {
      const { status, data } = await track('one');
      expect([status, data]).toEqual([200, { count: 1, tracked: true }]);
      expect((await track('one')).data).toEqual({ count: 1, tracked: false, reason: 'repeated' });
    });

    it('27 GET /visitors/count shows how many there were', async () => {
      await track('two');
      const { count, today: ofToday } = (await app.client.get('/v1/visitors/count')).data;
      expect([count >= 1, ofToday]).toEqual([true, count]);
    });

    it('28 GET /visitors/trends/daily shows each day', async () => {
      await track('three');
      const { data } = await owner.client.get('/v1/visitors/trends/daily?days=7');
      expect(data).toHaveLength(7);
      expect(data.at(-1)).toEqual({ date: today, visitors: expect.any(Number) });
      expect(data.at(-1).visitors).toBeGreaterThan(0);
    });

    it('29 GET /visitors/trends/monthly shows each month', async () => {
      await track('four');
      const { data } = await owner.client.get('/v1/visitors/trends/monthly');
      expect(data).toHaveLength(6);
      expect(data.at(-1)).toEqual({ month: today.slice(0, 7), visitors: expect.any(Number) });
    });
  });

  describe('analytics', () => {
    const viewed = async () => {
      const { id } = await make.post({ title: 'Viewed' });
      const body = { contentType: 'blog', contentId: id };
      return { id, answer: await app.client.post('/v1/analytics/track', body, browsing()) };
    };

    it('30 POST /analytics/track counts a view', async () => {
      const { answer } = await viewed();
      expect([answer.status, answer.data]).toEqual([200, { views: 1, tracked: true }]);
    });

    it('31 GET /analytics/views/{contentType}/{contentId} shows how many', async () => {
      const { id } = await viewed();
      const { data } = await app.client.get(`/v1/analytics/views/blog/${id}`);
      expect(data).toEqual({ contentId: id, contentType: 'blog', views: 1 });
    });

    it('32 GET /analytics/views/{contentType} shows all of a type', async () => {
      const { id } = await viewed();
      const { data } = await owner.client.get('/v1/analytics/views/blog');
      expect([data.contentType, data.stats[id]]).toEqual(['blog', 1]);
    });

    it('33 GET /analytics/top-content ranks each type', async () => {
      const { id } = await viewed();
      const { data } = await owner.client.get('/v1/analytics/top-content?limit=20');
      expect(Object.keys(data)).toEqual(['blogs', 'projects', 'certifications']);
      expect(data.blogs).toContainEqual({ contentId: id, title: 'Viewed', views: 1 });
    });

    it('34 GET /analytics/total-views sums up', async () => {
      const before = (await owner.client.get('/v1/analytics/total-views')).data.totalViews;
      await viewed();
      const { data } = await owner.client.get('/v1/analytics/total-views');
      expect(data).toEqual({ totalViews: before + 1 });
    });
  });
});
