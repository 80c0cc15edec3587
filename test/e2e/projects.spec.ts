import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { portfolioOf, PROJECT } from '../support/portfolio.js';
import { type Person, TestApp } from '../support/test-app.js';

const PROJECTS = '/v1/projects';
const pathOf = ({ id }: { id: string }) => `${PROJECTS}/${id}`;

const WHOLE = {
  ...PROJECT,
  longDescription: '## How it listens',
  tech: ['TypeScript', 'Web Audio'],
  company: 'Example Instruments',
  featured: true,
  githubUrl: 'https://github.com/example/fretboard',
  liveUrl: 'https://fretboard.example.com',
  imageUrl: 'https://example.com/fretboard.png',
};

describe('Projects', () => {
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

  const create = (body: object = PROJECT) => owner.client.post(PROJECTS, body);
  const namesOf = async (query: string, { client } = { client: app.client }) =>
    ((await client.get(`${PROJECTS}?limit=100&${query}`)).data as { name: string }[]).map(({ name }) => name);

  it('take every field, as drafts first', async () => {
    const { status, data, headers } = await create(WHOLE);
    expect(status).toBe(201);
    expect(data).toMatchObject({ ...WHOLE, status: 'draft', version: 1 });
    expect(headers['location']).toBe(pathOf(data));
    expect((await owner.client.get(pathOf(data))).data).toEqual(data);
    expect((await create()).data).toMatchObject({
      longDescription: null,
      company: null,
      featured: false,
      githubUrl: null,
      liveUrl: null,
      imageUrl: null,
    });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ description: 'x'.repeat(501) }, 'description'],
    [{ longDescription: 'x'.repeat(10_001) }, 'longDescription'],
    [{ tech: [] }, 'tech'],
    [{ tech: [''] }, 'tech'],
    [{ tech: Array.from({ length: 31 }, (_, n) => `t${n}`) }, 'tech'],
    [{ featured: 'yes' }, 'featured'],
    [{ githubUrl: 'github.com/example' }, 'githubUrl'],
    [{ liveUrl: 'javascript:alert(1)' }, 'liveUrl'],
    [{ status: 'published' }, 'status'],
  ])('refuse %j', async (fields, field) => {
    const { status, error } = await create({ ...PROJECT, ...fields });
    expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'VALIDATION_ERROR', field]);
  });

  it('change in what is given; null clears', async () => {
    const { data: project } = await create(WHOLE);
    const change = { name: 'Neck', company: null, liveUrl: '', tech: ['Rust', 'rust'], featured: false };
    const { data } = await owner.client.put(pathOf(project), change);
    expect(data).toEqual({
      ...project,
      name: 'Neck',
      company: null,
      liveUrl: null,
      tech: ['Rust'],
      featured: false,
      updatedAt: data.updatedAt,
      version: 2,
    });
    expect((await owner.client.put(pathOf(project), { name: null })).data.version).toBe(2);
  });

  it('are published and unpublished, each once, and hidden from strangers while they are drafts', async () => {
    const { data: project } = await create();
    const step = (name: string) => owner.client.post(`${pathOf(project)}/${name}`);
    expect((await step('unpublish')).error.code).toBe('NOT_PUBLISHED');
    for (const client of [app.client, member.client])
      expect((await client.get(pathOf(project))).error.code).toBe('PROJECT_NOT_FOUND');
    expect((await step('publish')).data).toMatchObject({ status: 'published', version: 2 });
    expect((await step('publish')).error.code).toBe('ALREADY_PUBLISHED');
    const { data, headers } = await app.client.get(pathOf(project));
    expect(data.status).toBe('published');
    expect(headers['cache-control']).toContain('public, max-age=60');
    expect((await step('unpublish')).data.status).toBe('draft');
    expect((await app.client.get(pathOf(project))).status).toBe(404);
  });

  it('take part in optimistic concurrency, and lose no change of many at once', async () => {
    const { data: project, headers } = await create();
    const seen = { headers: { 'If-Match': headers['etag'] ?? '' } };
    const changes = [{ name: 'A' }, { description: 'B' }, { tech: ['C'] }, { company: 'D' }];
    const answers = await Promise.all(changes.map((change) => owner.client.put(pathOf(project), change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { data } = await owner.client.get(pathOf(project));
    expect(data).toMatchObject({ ...Object.assign({}, ...changes), version: 5 });
    for (const answer of [
      await owner.client.put(pathOf(project), { name: 'E' }, seen),
      await owner.client.post(`${pathOf(project)}/publish`, undefined, seen),
      await owner.client.delete(pathOf(project), seen),
    ])
      expect(answer.error.code).toBe('PRECONDITION_FAILED');
  });

  it('are gone when they are removed', async () => {
    const { data: project } = await create();
    expect((await owner.client.delete(pathOf(project))).data).toEqual({ id: project.id, deleted: true });
    expect((await owner.client.get(pathOf(project))).status).toBe(404);
    expect((await owner.client.delete(pathOf(project))).error.code).toBe('PROJECT_NOT_FOUND');
    expect((await owner.client.put(pathOf(project), { name: 'x' })).error.code).toBe('PROJECT_NOT_FOUND');
    expect((await owner.client.get(`${PROJECTS}/nonsense`)).error.code).toBe('PROJECT_NOT_FOUND');
  });

  it('are listed with the featured ones first, each newest first, and filtered', async () => {
    const tech = ['Elixir'];
    await make.project({ name: 'old', tech });
    await make.project({ name: 'old star', tech, featured: true });
    await make.project({ name: 'new', tech: ['elixir', 'Rust'] });
    const star = await make.project({ name: 'new star', tech, featured: true });
    const { data: draft } = await create({ ...PROJECT, name: 'draft star', tech, featured: true });
    expect(await namesOf('tech=ELIXIR')).toEqual(['new star', 'old star', 'new', 'old']);
    expect(await namesOf('tech=elixir&featured=true')).toEqual(['new star', 'old star']);
    expect(await namesOf('tech=elixir&featured=false')).toEqual(['new', 'old']);
    expect(await namesOf('tech=elixir&status=all', owner)).toEqual([
      'draft star',
      'new star',
      'old star',
      'new',
      'old',
    ]);
    expect(await namesOf('tech=elixir&status=draft', owner)).toEqual(['draft star']);
    await owner.client.put(pathOf(star), { featured: false });
    expect(await namesOf('tech=elixir')).toEqual(['old star', 'new star', 'new', 'old']);
    await owner.client.delete(pathOf(draft));
    expect((await app.client.get(`${PROJECTS}?status=all`)).status).toBe(401);
    expect((await member.client.get(`${PROJECTS}?status=draft`)).status).toBe(403);
    expect((await app.client.get(`${PROJECTS}?featured=maybe`)).status).toBe(400);
  });

  it('are written by the owner alone', async () => {
    const { data: project } = await create();
    for (const [method, path] of [
      ['POST', PROJECTS],
      ['PUT', pathOf(project)],
      ['DELETE', pathOf(project)],
      ['POST', `${pathOf(project)}/publish`],
      ['POST', `${pathOf(project)}/unpublish`],
    ] as const) {
      expect((await app.client.request(method, path, { body: PROJECT })).status).toBe(401);
      expect((await member.client.request(method, path, { body: PROJECT })).status).toBe(403);
    }
  });
});
