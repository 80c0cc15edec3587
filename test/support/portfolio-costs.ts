import type { Answer } from './client.js';
import { browsing, CERTIFICATION, portfolioOf, POST, PROJECT } from './portfolio.js';
import type { Person, TestApp } from './test-app.js';
import { work } from './work.js';

type Measured = readonly [string, () => Promise<Answer>];

/** Requests of the portfolio by the rows of docs/access-patterns.md, each on something of its own. */
export async function portfolioCosts(app: TestApp, owner: Person): Promise<Measured[]> {
  const { client } = owner;
  // So that the worker has run once, as everywhere.
  await work(app, 'foldDays');
  const stranger = app.client;
  const make = portfolioOf(owner);
  const tags = ['one', 'two'];
  const blog = '/v1/blog/posts';
  const draft = async (fields: object = {}) => `${blog}/${(await make.draft({ tags, ...fields })).id}`;
  const post = async (fields: object = {}) => `${blog}/${(await make.post({ tags, ...fields })).id}`;
  const view = (contentType: string, contentId: string, sessionId: string) =>
    stranger.post('/v1/analytics/track', { contentType, contentId, sessionId }, browsing());
  const viewed = [
    ['blog', (await make.post()).id],
    ['project', (await make.project()).id],
    ['certification', (await make.certification()).id],
  ] as const;
  for (const [type, id] of viewed) await view(type, id, 'first');
  await stranger.post('/v1/visitors/track', { sessionId: 'first', path: '/known' }, browsing());
  await client.put('/v1/portfolio/settings', { badges: true, chart: true });
  await client.put('/v1/resume/basics', { basics: { name: 'Ada' } });
  const [[, postId], [, projectId], [, certificationId]] = viewed;
  let visits = 0;
  const visit = (body: object, headers: Record<string, string> = {}) => {
    visits += 1;
    return stranger.post('/v1/visitors/track', { sessionId: `visit ${visits}`, ...body }, browsing(headers));
  };
  const entries = (name: string, body: object, publish: () => Promise<{ id: string }>): Measured[] => {
    const made = async () => `/v1/${name}/${(await client.post(`/v1/${name}`, body)).data.id}`;
    const published = async () => `/v1/${name}/${(await publish()).id}`;
    return [
      [`POST /v1/${name}`, () => client.post(`/v1/${name}`, body)],
      [`GET /v1/${name}`, () => stranger.get(`/v1/${name}?limit=1`)],
      [`GET /v1/${name}/{id}`, async () => stranger.get(await published())],
      [`PUT /v1/${name}/{id}`, async () => client.put(await made(), { name: 'Other' })],
      [`DELETE /v1/${name}/{id}`, async () => client.delete(await made())],
      [`POST /v1/${name}/{id}/publish`, async () => client.post(`${await made()}/publish`)],
      [`POST /v1/${name}/{id}/unpublish`, async () => client.post(`${await published()}/unpublish`)],
    ];
  };
  return [
    ['GET /v1/portfolio/settings', () => client.get('/v1/portfolio/settings')],
    ['PUT /v1/portfolio/settings', () => client.put('/v1/portfolio/settings', { title: 'Notes' })],
    ['GET /v1/resume.json', () => stranger.get('/v1/resume.json')],
    ['GET /v1/resume/basics', () => client.get('/v1/resume/basics')],
    ['PUT /v1/resume/basics', () => client.put('/v1/resume/basics', { skills: [{ name: 'Setup' }] })],
    ['POST /v1/blog/posts', () => client.post(blog, { ...POST, tags, title: 'A title of its own' })],
    ['POST /v1/blog/posts (slug)', () => client.post(blog, { ...POST, tags, slug: 'a-slug-of-its-own' })],
    ['GET /v1/blog/posts', () => stranger.get(`${blog}?limit=1`)],
    ['GET /v1/blog/posts (category, or tag)', () => stranger.get(`${blog}?limit=1&tag=one`)],
    ['GET /v1/blog/posts/{id}', async () => stranger.get(await post())],
    [
      'GET /v1/blog/posts/slug/{slug}',
      async () => {
        await post({ slug: 'found-by-slug' });
        return stranger.get(`${blog}/slug/found-by-slug`);
      },
    ],
    ['PUT /v1/blog/posts/{id}', async () => client.put(await draft(), { title: 'Other' })],
    ['PUT /v1/blog/posts/{id} (content)', async () => client.put(await draft(), { content: 'Other' })],
    ['PUT /v1/blog/posts/{id} (published)', async () => client.put(await post(), { title: 'Other' })],
    [
      'PUT /v1/blog/posts/{id} (slug, published)',
      async () => client.put(await post(), { slug: 'moved-here' }),
    ],
    ['DELETE /v1/blog/posts/{id}', async () => client.delete(await draft())],
    ['DELETE /v1/blog/posts/{id} (published)', async () => client.delete(await post())],
    ['POST /v1/blog/posts/{id}/publish', async () => client.post(`${await draft()}/publish`)],
    ['POST /v1/blog/posts/{id}/unpublish', async () => client.post(`${await post()}/unpublish`)],
    [
      'POST /v1/blog/posts/{id}/schedule',
      async () => client.post(`${await draft()}/schedule`, { publishAt: '2090-01-01T00:00:00Z' }),
    ],
    ['GET /v1/blog/categories', () => stranger.get('/v1/blog/categories')],
    ['GET /v1/blog/tags', () => stranger.get('/v1/blog/tags')],
    ...entries('projects', PROJECT, make.project),
    ...entries('certifications', CERTIFICATION, make.certification),
    ['POST /v1/visitors/track', () => visit({})],
    ['POST /v1/visitors/track (again)', () => visit({ sessionId: 'first' })],
    ['POST /v1/visitors/track (path)', () => visit({ path: '/known' })],
    ['POST /v1/visitors/track (a robot)', () => visit({}, { 'User-Agent': 'curl/8.5.0' })],
    ['GET /v1/visitors/count', () => stranger.get('/v1/visitors/count')],
    ['GET /v1/visitors/trends/daily', () => client.get('/v1/visitors/trends/daily')],
    ['GET /v1/visitors/trends/monthly', () => client.get('/v1/visitors/trends/monthly')],
    ['GET /v1/visitors/badge.svg', () => stranger.get('/v1/visitors/badge.svg')],
    ['GET /v1/visitors/trend.svg', () => stranger.get('/v1/visitors/trend.svg')],
    ['POST /v1/analytics/track', () => view('project', projectId, 'second')],
    [
      'GET /v1/analytics/views/{contentType}/{contentId}',
      () => stranger.get(`/v1/analytics/views/certification/${certificationId}`),
    ],
    [
      'GET /v1/analytics/views/{contentType}/{contentId}/badge.svg',
      () => stranger.get(`/v1/analytics/views/blog/${postId}/badge.svg`),
    ],
    ['GET /v1/analytics/views/{contentType}', () => client.get('/v1/analytics/views/blog')],
    ['GET /v1/analytics/top-content', () => client.get('/v1/analytics/top-content')],
    ['GET /v1/analytics/total-views', () => client.get('/v1/analytics/total-views')],
    ['GET /v1/analytics/overview', () => client.get('/v1/analytics/overview')],
    ['GET /v1/blog/feed.rss', () => feedOfOne(app, '/v1/blog/feed.rss')],
    ['GET /v1/blog/feed.atom', () => feedOfOne(app, '/v1/blog/feed.atom')],
    ['GET /v1/blog/feed.json', () => feedOfOne(app, '/v1/blog/feed.json')],
    ['GET /v1/blog/sitemap.xml', () => feedOfOne(app, '/v1/blog/sitemap.xml')],
  ];

  /** With one post published. */
  async function feedOfOne({ client: anyone }: TestApp, path: string): Promise<Answer> {
    const { data } = await anyone.get(`${blog}?limit=100`);
    for (const { id } of (data as { id: string }[]).slice(1)) await client.post(`${blog}/${id}/unpublish`);
    return anyone.get(path);
  }
}
