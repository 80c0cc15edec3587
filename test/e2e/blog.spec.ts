import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browsing, portfolioOf, POST } from '../support/portfolio.js';
import { type Person, TestApp } from '../support/test-app.js';

const POSTS = '/v1/blog/posts';
const pathOf = ({ id }: { id: string }) => `${POSTS}/${id}`;
const slugPath = (slug: string) => `${POSTS}/slug/${slug}`;

describe('Blog posts', () => {
  let app: TestApp;
  let owner: Person;
  let member: Person;
  let make: ReturnType<typeof portfolioOf>;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    member = await app.person('Eve');
    make = portfolioOf(owner);
  });
  afterAll(() => app.stop());

  const titlesOf = async (query = '', { client } = owner) =>
    ((await client.get(`${POSTS}?limit=100${query}`)).data as { title: string }[]).map(({ title }) => title);
  const countsOf = async (of: 'categories' | 'tags') =>
    Object.fromEntries(
      ((await app.client.get(`/v1/blog/${of}`)).data as { name: string; count: number }[]).map(
        ({ name, count }) => [name, count],
      ),
    ) as Record<string, number>;
  const publish = (post: { id: string }, body: object = {}) =>
    owner.client.post(`${pathOf(post)}/publish`, body);
  const unpublish = (post: { id: string }) => owner.client.post(`${pathOf(post)}/unpublish`);
  const schedule = (post: { id: string }, publishAt: string) =>
    owner.client.post(`${pathOf(post)}/schedule`, { publishAt });

  describe('writing', () => {
    it('makes a draft with a slug of its title and the time it takes to read', async () => {
      const content = 'word '.repeat(401);
      const { status, data, headers } = await owner.client.post(POSTS, {
        ...POST,
        content,
        title: 'Été à Malmö: 12 Strings!',
        coverImageUrl: 'https://example.com/cover.jpg',
      });
      expect(status).toBe(201);
      expect(headers['location']).toBe(pathOf(data));
      expect(data).toMatchObject({
        ...POST,
        content: content.trim(),
        title: 'Été à Malmö: 12 Strings!',
        slug: 'ete-a-malmoe-12-strings',
        readTime: 3,
        status: 'draft',
        publishedAt: null,
        publishAt: null,
        coverImageUrl: 'https://example.com/cover.jpg',
        canonicalUrl: null,
        version: 1,
      });
      expect((await owner.client.get(pathOf(data))).data).toEqual(data);
    });

    it('finds a slug for every title, whatever its script, and numbers those that are taken', async () => {
      const slugs = [];
      for (const title of ['Привет, мир', 'Привет мир', '🎸', '你好', 'a'.repeat(200), 'Iosevka & Me'])
        slugs.push((await make.draft({ title })).slug);
      expect(slugs.slice(0, 2)).toEqual(['privet-mir', 'privet-mir-2']);
      for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(new Set(slugs).size).toBe(slugs.length);
    });

    it('gives thirty posts of one title that are written at once thirty slugs', async () => {
      const posts = await Promise.all(Array.from({ length: 30 }, () => make.draft({ title: 'One title' })));
      expect(new Set(posts.map(({ slug }) => slug)).size).toBe(30);
    });

    it('refuses a slug that another post has, and frees that of a post which is gone', async () => {
      const post = await make.draft({ slug: 'mine' });
      const { status, error } = await owner.client.post(POSTS, { ...POST, slug: 'mine' });
      expect([status, error.code]).toEqual([409, 'SLUG_TAKEN']);
      expect((await owner.client.delete(pathOf(post))).data).toEqual({ id: post.id, deleted: true });
      expect((await owner.client.post(POSTS, { ...POST, slug: 'mine' })).status).toBe(201);
    });

    it.each([
      [{ title: '' }, 'title'],
      [{ title: 'x'.repeat(201) }, 'title'],
      [{ excerpt: 'x'.repeat(501) }, 'excerpt'],
      [{ content: '' }, 'content'],
      [{ content: '\u{1F3B8}'.repeat(65_537) }, 'content'],
      [{ category: '' }, 'category'],
      [{ category: '\u0301' }, 'category'],
      [{ tags: [''] }, 'tags'],
      [{ tags: Array.from({ length: 11 }, (_, n) => `t${n}`) }, 'tags'],
      [{ tags: ['ok', ''] }, 'tags'],
      [{ tags: ['ok', '\u0301'] }, 'tags'],
      [{ tags: 'guitar' }, 'tags'],
      [{ slug: 'Not A Slug' }, 'slug'],
      [{ slug: '-a' }, 'slug'],
      [{ coverImageUrl: 'javascript:alert(1)' }, 'coverImageUrl'],
      [{ canonicalUrl: 'ftp://example.com' }, 'canonicalUrl'],
      [{ status: 'published' }, 'status'],
      [{ readTime: 1 }, 'readTime'],
      [{ publishedAt: '2025-01-01T00:00:00Z' }, 'publishedAt'],
    ])('refuses %j', async (fields, field) => {
      const { status, error } = await owner.client.post(POSTS, { ...POST, ...fields });
      expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'VALIDATION_ERROR', field]);
    });

    it('stores the largest post that it takes, published', async () => {
      const tags = Array.from({ length: 10 }, (_, n) => `${n}${'\u{1F3B8}'.repeat(24)}`);
      const post = await make.post({
        title: '\u{1F3B8}'.repeat(100),
        excerpt: '\u{1F3B8}'.repeat(250),
        content: '\u{1F3B8}'.repeat(65_536),
        category: '\u{1F3B8}'.repeat(25),
        tags,
        coverImageUrl: `https://example.com/${'x'.repeat(1900)}`,
        canonicalUrl: `https://example.com/${'x'.repeat(1900)}`,
      });
      expect((await app.client.get(pathOf(post))).data.tags).toEqual(tags);
      await owner.client.delete(pathOf(post));
    });

    it('is the owner’s alone', async () => {
      const post = await make.draft();
      for (const [method, path] of [
        ['POST', POSTS],
        ['PUT', pathOf(post)],
        ['DELETE', pathOf(post)],
        ['POST', `${pathOf(post)}/publish`],
        ['POST', `${pathOf(post)}/unpublish`],
        ['POST', `${pathOf(post)}/schedule`],
      ] as const) {
        const body = { ...POST };
        expect((await app.client.request(method, path, { body })).error.code).toBe('AUTH_UNAUTHORIZED');
        expect((await member.client.request(method, path, { body })).error.code).toBe('AUTH_FORBIDDEN');
      }
    });
  });

  describe('changing', () => {
    it('changes what is given, clears what is null, and reckons the time to read again', async () => {
      const post = await make.draft({ coverImageUrl: 'https://example.com/a.png' });
      const { data } = await owner.client.put(pathOf(post), {
        content: 'word '.repeat(1000),
        coverImageUrl: null,
        tags: ['Setup', 'setup', 'sétup', 'neck'],
      });
      expect(data).toMatchObject({ readTime: 5, coverImageUrl: null, tags: ['Setup', 'neck'], version: 2 });
      expect(data.title).toBe(post.title);
      expect((await owner.client.get(pathOf(post))).data).toEqual(data);
    });

    it('takes null for not given where there must be something', async () => {
      const post = await make.draft();
      for (const field of ['title', 'excerpt', 'content', 'category', 'tags', 'slug'])
        expect((await owner.client.put(pathOf(post), { [field]: null })).status).toBe(200);
      expect((await owner.client.get(pathOf(post))).data.version).toBe(1);
    });

    it('takes part in optimistic concurrency, publishing included', async () => {
      const post = await make.draft();
      const { headers } = await owner.client.get(pathOf(post));
      const seen = { headers: { 'If-Match': headers['etag'] ?? '' } };
      expect((await owner.client.put(pathOf(post), { title: 'Two' }, seen)).status).toBe(200);
      expect((await owner.client.put(pathOf(post), { title: 'Three' }, seen)).status).toBe(412);
      expect((await owner.client.post(`${pathOf(post)}/publish`, {}, seen)).status).toBe(412);
      expect((await owner.client.delete(pathOf(post), seen)).status).toBe(412);
      expect((await owner.client.get(pathOf(post))).data).toMatchObject({ title: 'Two', status: 'draft' });
    });

    it('loses none of many changes at once', async () => {
      const post = await make.post();
      const changes = [
        { title: 'New' },
        { excerpt: 'New' },
        { content: 'New' },
        { category: 'New category' },
        { tags: ['new'] },
        { slug: 'brand-new' },
      ];
      const answers = await Promise.all(changes.map((change) => owner.client.put(pathOf(post), change)));
      expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
      const { data } = await owner.client.get(pathOf(post));
      expect(data).toMatchObject({ ...Object.assign({}, ...changes), version: 2 + changes.length });
      await owner.client.delete(pathOf(post));
    });
  });

  describe('a slug', () => {
    it('that is changed leads to the new one, from then on and for every slug before', async () => {
      const post = await make.post({ slug: 'first' });
      await owner.client.put(pathOf(post), { slug: 'second' });
      await owner.client.put(pathOf(post), { slug: 'third' });
      for (const former of ['first', 'second']) {
        const { status, headers, body } = await app.client.get(slugPath(former));
        expect([status, headers['location'], body]).toEqual([301, slugPath('third'), { movedTo: 'third' }]);
        expect(headers['cache-control']).toContain('public');
      }
      expect((await app.client.get(slugPath('third'))).data).toMatchObject({ id: post.id, slug: 'third' });
      const taken = await owner.client.post(POSTS, { ...POST, slug: 'first' });
      expect([taken.status, taken.error.code]).toEqual([409, 'SLUG_TAKEN']);
    });

    it('may be taken back by its own post', async () => {
      const post = await make.post({ slug: 'there' });
      await owner.client.put(pathOf(post), { slug: 'and' });
      const { status, data } = await owner.client.put(pathOf(post), { slug: 'there' });
      expect([status, data.slug]).toEqual([200, 'there']);
      expect((await app.client.get(slugPath('there'))).data.id).toBe(post.id);
      expect((await app.client.get(slugPath('and'))).body).toEqual({ movedTo: 'there' });
    });

    it('that nobody has seen is free again when it is changed', async () => {
      const post = await make.draft({ slug: 'working-title' });
      await owner.client.put(pathOf(post), { slug: 'title' });
      expect((await owner.client.get(slugPath('working-title'))).status).toBe(404);
      expect((await owner.client.post(POSTS, { ...POST, slug: 'working-title' })).status).toBe(201);
    });

    it('of another post cannot be taken by a change, which then changes nothing', async () => {
      await make.draft({ slug: 'theirs' });
      const post = await make.draft({ slug: 'ours' });
      const { status, error } = await owner.client.put(pathOf(post), { slug: 'theirs', title: 'Changed' });
      expect([status, error.code]).toEqual([409, 'SLUG_TAKEN']);
      expect((await owner.client.get(pathOf(post))).data).toMatchObject({ slug: 'ours', version: 1 });
    });

    it('leads strangers nowhere while its post is no longer published', async () => {
      const post = await make.post({ slug: 'seen' });
      await owner.client.put(pathOf(post), { slug: 'moved' });
      await unpublish(post);
      for (const slug of ['seen', 'moved']) expect((await app.client.get(slugPath(slug))).status).toBe(404);
      expect((await owner.client.get(slugPath('seen'))).status).toBe(301);
    });

    it('that is none names nothing', async () => {
      for (const slug of ['Nope', '%20', 'a--b', 'x'.repeat(300), '..%2f'])
        expect((await app.client.get(slugPath(slug))).error.code).toBe('POST_NOT_FOUND');
    });
  });

  describe('publishing', () => {
    it('shows a post to everybody, once; and unpublishing hides it, once', async () => {
      const post = await make.draft();
      const first = await publish(post);
      expect(first.data).toMatchObject({ status: 'published', version: 2 });
      expect(Date.parse(first.data.publishedAt)).toBeGreaterThan(Date.now() - 60_000);
      expect((await app.client.get(pathOf(post))).data).toEqual(first.data);
      const again = await publish(post);
      expect([again.status, again.error.code]).toEqual([409, 'ALREADY_PUBLISHED']);
      const { data } = await unpublish(post);
      expect(data).toMatchObject({ status: 'draft', publishedAt: first.data.publishedAt });
      const over = await unpublish(post);
      expect([over.status, over.error.code]).toEqual([409, 'NOT_PUBLISHED']);
      expect((await app.client.get(pathOf(post))).status).toBe(404);
      expect((await publish(post)).data.publishedAt).toBe(first.data.publishedAt);
    });

    it('takes a date in the past, but none to come', async () => {
      const post = await make.draft();
      const soon = new Date(Date.now() + 3_600_000).toISOString();
      const refused = await publish(post, { publishedAt: soon });
      expect([refused.status, refused.error.details?.[0]?.field]).toEqual([400, 'publishedAt']);
      const { data } = await publish(post, { publishedAt: '2019-04-13T08:00:00+02:00' });
      expect(data.publishedAt).toBe('2019-04-13T06:00:00.000Z');
    });

    it('needs no body', async () => {
      const post = await make.draft();
      const { status } = await owner.client.request('POST', `${pathOf(post)}/publish`);
      expect(status).toBe(200);
    });

    it('can be scheduled, moved and called off; what is published cannot be', async () => {
      const post = await make.draft();
      const refused = await schedule(post, '2020-01-01T00:00:00Z');
      expect([refused.status, refused.error.details?.[0]?.field]).toEqual([400, 'publishAt']);
      const { data } = await schedule(post, '2090-01-01T00:00:00Z');
      expect(data).toMatchObject({ status: 'scheduled', publishAt: '2090-01-01T00:00:00.000Z' });
      expect((await app.client.get(pathOf(post))).status).toBe(404);
      expect((await schedule(post, '2091-01-01T00:00:00Z')).data.publishAt).toBe('2091-01-01T00:00:00.000Z');
      expect(await titlesOf('&status=scheduled')).toContain(post.title);
      expect((await unpublish(post)).data).toMatchObject({ status: 'draft', publishAt: null });
      await publish(post);
      expect((await schedule(post, '2090-01-01T00:00:00Z')).error.code).toBe('ALREADY_PUBLISHED');
    });

    it('to strangers a draft is, to the byte, what does not exist', async () => {
      const post = await make.draft({ slug: 'hidden' });
      const headers = { 'X-Request-Id': '0b7c1f7e-6f0e-4f0c-9d53-2f6f2a1f6a11' };
      const ask = async (path: string, { client } = { client: app.client }) => {
        const { status, text, headers: given } = await client.get(path, { headers });
        const { date: _, ...others } = given;
        return { status, text, others };
      };
      const missing = { id: '00000000-0000-7000-8000-000000000000' };
      for (const who of [{ client: app.client }, member]) {
        expect(await ask(pathOf(post), who)).toEqual(await ask(pathOf(missing), who));
        expect(await ask(slugPath('hidden'), who)).toEqual(await ask(slugPath('never-was'), who));
        expect((await ask(pathOf(post), who)).status).toBe(404);
      }
    });
  });

  describe('lists', () => {
    it('of drafts are nobody’s but the owner’s', async () => {
      for (const status of ['draft', 'scheduled', 'all']) {
        const stranger = await app.client.get(`${POSTS}?status=${status}`);
        expect([stranger.status, stranger.error.code]).toEqual([401, 'AUTH_UNAUTHORIZED']);
        const other = await member.client.get(`${POSTS}?status=${status}`);
        expect([other.status, other.error.code]).toEqual([403, 'AUTH_FORBIDDEN']);
      }
      expect((await app.client.get(`${POSTS}?status=deleted`)).status).toBe(400);
      expect((await member.client.get(POSTS)).status).toBe(200);
    });

    it('and counts follow a post that is changed while it is published', async () => {
      const post = await make.post({ category: 'Before', tags: ['one', 'two'] });
      expect(await countsOf('categories')).toMatchObject({ Before: 1 });
      await owner.client.put(pathOf(post), { title: 'Renamed', category: 'After', tags: ['Two', 'three'] });
      expect(await titlesOf('&category=Before')).toEqual([]);
      expect(await titlesOf('&category=After')).toEqual(['Renamed']);
      expect(await titlesOf('&tag=one')).toEqual([]);
      for (const tag of ['two', 'three']) expect(await titlesOf(`&tag=${tag}`)).toEqual(['Renamed']);
      const [categories, tags] = [await countsOf('categories'), await countsOf('tags')];
      expect([categories['Before'], categories['After']]).toEqual([undefined, 1]);
      expect([tags['one'], tags['two'], tags['Two'], tags['three']]).toEqual([undefined, undefined, 1, 1]);
      await owner.client.put(pathOf(post), { category: 'AFTER', tags: ['two', 'Thrée'] });
      expect(await countsOf('categories')).toMatchObject({ AFTER: 1 });
      expect(await countsOf('tags')).toMatchObject({ two: 1, Thrée: 1 });
      await owner.client.delete(pathOf(post));
      expect(await countsOf('categories')).not.toHaveProperty('After');
      expect(await titlesOf('&tag=three')).toEqual([]);
    });
  });

  it('what everybody may read can be kept: ETag, 304, and another answer for the owner', async () => {
    const post = await make.post();
    const { headers } = await app.client.get(pathOf(post));
    expect(headers['cache-control']).toBe('public, max-age=60, stale-while-revalidate=60');
    expect(headers['vary']).toMatch(/Authorization/);
    const again = await app.client.get(pathOf(post), { headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect([again.status, again.headers['cache-control']]).toEqual([304, headers['cache-control']]);
    const own = await owner.client.get(pathOf(post));
    expect(own.headers['cache-control']).toBe('no-store');
    expect(own.headers['vary']).toMatch(/Authorization/);
    expect((await app.client.get('/v1/blog/tags', browsing())).headers['cache-control']).toContain('public');
  });
});

describe('Lists of posts', () => {
  it('are newest first, without texts, and of published posts unless the owner asks for others', async () => {
    await TestApp.with({}, async (other) => {
      const { client } = await other.owner();
      const own = portfolioOf({ client });
      const dated = async (title: string, publishedAt: string, fields: object = {}) => {
        const post = await own.draft({ title, ...fields });
        await client.post(`${pathOf(post)}/publish`, { publishedAt });
        return post;
      };
      await dated('2021', '2021-01-01T00:00:00Z', { category: 'Code', tags: ['a', 'b'] });
      await dated('2023', '2023-01-01T00:00:00Z', { category: 'Workshop', tags: ['b'] });
      await dated('2022', '2022-01-01T00:00:00Z', { category: 'Code', tags: ['b'] });
      const draft = await own.draft({ title: 'draft', category: 'Code', tags: ['b'] });
      const planned = await own.draft({ title: 'planned' });
      await client.post(`${pathOf(planned)}/schedule`, { publishAt: '2090-01-01T00:00:00Z' });
      const titles = async (query: string, asked = other.client) =>
        ((await asked.get(`${POSTS}?${query}`)).data as { title: string }[]).map(({ title }) => title);

      expect(await titles('')).toEqual(['2023', '2022', '2021']);
      expect(await titles('category=code')).toEqual(['2022', '2021']);
      expect(await titles('tag=B')).toEqual(['2023', '2022', '2021']);
      expect(await titles('tag=b&category=Code')).toEqual(['2022', '2021']);
      expect(await titles('tag=none')).toEqual([]);
      expect(await titles('status=draft', client)).toEqual(['draft']);
      expect(await titles('status=scheduled', client)).toEqual(['planned']);
      expect(await titles('status=all', client)).toEqual(['planned', 'draft', '2022', '2023', '2021']);
      expect(await titles('status=all&category=Code&tag=b', client)).toEqual(['draft', '2022', '2021']);
      expect(await titles('status=draft&tag=a', client)).toEqual([]);

      const { data, headers } = await other.client.get(`${POSTS}?tag=a`);
      expect(data[0]).not.toHaveProperty('content');
      const [byStatus] = (await other.client.get(POSTS)).data.slice(-1);
      expect(data[0]).toEqual(byStatus);
      expect(headers['cache-control']).toBe('public, max-age=60, stale-while-revalidate=60');
      expect((await client.get(`${POSTS}?status=draft`)).headers['cache-control']).toBe('no-store');

      const first = await other.client.get(`${POSTS}?limit=2`);
      expect(first.body.meta).toMatchObject({ count: 2 });
      const rest = await other.client.get(`${POSTS}?limit=2&cursor=${first.body.meta.nextCursor}`);
      expect(rest.data.map(({ title }: { title: string }) => title)).toEqual(['2021']);
      expect(rest.body.meta.nextCursor).toBeNull();
      await client.delete(pathOf(draft));
    });
  });
});
