import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { portfolioOf } from '../support/portfolio.js';
import { type Person, TestApp } from '../support/test-app.js';

const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@jsonresume/schema/schema.json'), 'utf8'),
) as object;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const isResume = ajv.compile(schema);

const SECTIONS = {
  basics: {
    name: 'Ada Example',
    label: 'Luthier and engineer',
    image: 'https://example.com/ada.png',
    email: 'ada@example.com',
    phone: '+46 555 0100',
    url: 'https://example.com',
    summary: 'Builds things.',
    location: { city: 'Stockholm', countryCode: 'SE' },
    profiles: [{ network: 'GitHub', username: 'example', url: 'https://github.com/example' }],
  },
  work: [
    {
      name: 'Example Instruments',
      position: 'Engineer',
      startDate: '2021-03',
      highlights: ['Halved what a build takes'],
    },
  ],
  education: [{ institution: 'Example University', area: 'Acoustics', startDate: '2016', courses: ['DSP'] }],
  skills: [{ name: 'Backend', level: 'Senior', keywords: ['TypeScript'] }],
};

describe('The résumé', () => {
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
  });
  afterAll(() => app.stop());

  const resume = async () => {
    const answer = await app.client.get('/v1/resume.json');
    expect(isResume(answer.body)).toBe(true);
    return answer;
  };
  const put = (body: object, client = owner.client) => client.put('/v1/resume/basics', body);

  it('is a JSON Resume before anything was written', async () => {
    const { body, headers } = await resume();
    expect(body).toMatchObject({ basics: {}, work: [], projects: [], certificates: [] });
    expect(headers['content-type']).toContain('application/json');
  });

  it('is one of what the owner wrote, and of what is published', async () => {
    const make = portfolioOf(owner);
    await make.project({ name: 'Fretboard', liveUrl: 'https://fretboard.example.com', company: 'Example' });
    await make.certification({ name: 'Luthier', credentialUrl: 'https://credentials.example.com/1' });
    await owner.client.post('/v1/projects', { name: 'Secret', description: 'Draft', tech: ['x'] });
    expect((await put(SECTIONS)).data).toEqual({ ...SECTIONS, version: 1 });
    const { body, headers } = await resume();
    expect(body).toMatchObject({
      ...SECTIONS,
      projects: [
        {
          name: 'Fretboard',
          keywords: ['TypeScript'],
          url: 'https://fretboard.example.com',
          entity: 'Example',
        },
      ],
      certificates: [{ name: 'Luthier', date: '2024-05-31', url: 'https://credentials.example.com/1' }],
    });
    expect(headers['cache-control']).toContain('public');
    const again = await app.client.get('/v1/resume.json', {
      headers: { 'If-None-Match': headers['etag'] ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('keeps the sections that are not given, and drops what is null or empty within one', async () => {
    const { data } = await put({ basics: { name: 'Ada', email: null, phone: '' }, skills: [] });
    expect(data).toMatchObject({ basics: { name: 'Ada' }, skills: [], work: SECTIONS.work });
    expect(data.basics).toEqual({ name: 'Ada' });
    await resume();
  });

  it('shows the owner what to edit, with the version that a change names', async () => {
    const { data, headers } = await owner.client.get('/v1/resume/basics');
    expect(data).toMatchObject({ basics: { name: 'Ada' }, work: SECTIONS.work, version: 2 });
    const seen = { headers: { 'If-Match': headers['etag'] ?? '' } };
    expect((await owner.client.put('/v1/resume/basics', { skills: SECTIONS.skills }, seen)).status).toBe(200);
    expect((await app.client.get('/v1/resume/basics')).status).toBe(401);
  });

  it.each([
    [{ basics: 1 }, 'basics'],
    [{ basics: { email: 'nobody' } }, 'basics.email'],
    [{ basics: { location: { countryCode: 'Sweden' } } }, 'basics.location.countryCode'],
    [{ basics: { profiles: [{}] } }, 'basics.profiles[0].network'],
    [{ work: {} }, 'work'],
    [{ work: [[]] }, 'work'],
    [{ work: [{ name: 'x', startDate: '2021-13' }] }, 'work[0].startDate'],
    [{ work: [{ name: 'x', highlights: [''] }] }, 'work[0].highlights'],
    [{ education: [{ institution: '' }] }, 'education[0].institution'],
    [{ skills: [{ name: 'x', keywords: 'y' }] }, 'skills[0].keywords'],
    [{ awards: [] }, 'awards'],
    [
      {
        work: Array.from({ length: 30 }, () => ({ name: 'x', highlights: Array(20).fill('x'.repeat(500)) })),
      },
      'work',
    ],
  ])('refuses %j', async (body, field) => {
    const { status, error } = await put(body);
    expect(status).toBe(400);
    expect(error.details?.map(({ field: each }) => each)).toContain(field);
  });

  it('takes part in optimistic concurrency, also before the first time', () =>
    TestApp.with({}, async (other) => {
      const { client } = await other.owner();
      const changes = Object.entries(SECTIONS).map(([name, section]) => ({ [name]: section }));
      await Promise.all(changes.map((change) => put(change, client)));
      const { data, headers } = await put({}, client);
      expect(data).toMatchObject(SECTIONS);
      const seen = { headers: { 'If-Match': headers['etag'] ?? '' } };
      expect((await client.put('/v1/resume/basics', { skills: [] }, seen)).status).toBe(200);
      expect((await client.put('/v1/resume/basics', { work: [] }, seen)).status).toBe(412);
      const member = await other.person('Eve');
      expect((await put({}, member.client)).status).toBe(403);
      expect((await put({}, other.client)).status).toBe(401);
    }));
});

describe('The settings of the portfolio', () => {
  it('are there by default, change in what is given, and are the owner’s alone', () =>
    TestApp.with({}, async (app) => {
      const { client } = await app.owner();
      const path = '/v1/portfolio/settings';
      const { data, headers } = await client.get(path);
      expect(data).toMatchObject({
        title: 'Hearth',
        language: 'en',
        badges: false,
        chart: false,
        version: 0,
      });
      const seen = { headers: { 'If-Match': headers['etag'] ?? '' } };
      const changed = await client.put(path, { title: 'Notes', siteUrl: 'https://example.com/' }, seen);
      expect(changed.data).toMatchObject({ title: 'Notes', siteUrl: 'https://example.com', version: 1 });
      expect((await client.put(path, { title: 'Other' }, seen)).status).toBe(412);
      expect((await client.put(path, { siteUrl: null, badges: true })).data).toMatchObject({
        title: 'Notes',
        badges: true,
        siteUrl: expect.stringMatching(/^http/),
      });
      for (const [body, field] of [
        [{ title: '' }, 'title'],
        [{ language: 'english!' }, 'language'],
        [{ blogPath: 'blog' }, 'blogPath'],
        [{ siteUrl: 'example.com' }, 'siteUrl'],
        [{ siteUrl: 'https://example.com/?a=1' }, 'siteUrl'],
        [{ siteUrl: 'https://example.com/#x' }, 'siteUrl'],
        [{ siteUrl: 'https://ada:secret@example.com' }, 'siteUrl'],
        [{ siteUrl: 'https://:secret@example.com' }, 'siteUrl'],
        [{ siteUrl: 'https:example.com' }, 'siteUrl'],
        [{ siteUrl: 'https://example.com/../x' }, 'siteUrl'],
        [{ siteUrl: 'javascript:alert(1)' }, 'siteUrl'],
        [{ blogPath: '/../x' }, 'blogPath'],
        [{ badges: 'yes' }, 'badges'],
      ] as const)
        expect((await client.put(path, body)).error.details?.[0]?.field).toBe(field);
      const local = { siteUrl: 'http://localhost:5173/site/' };
      expect((await client.put(path, local)).data.siteUrl).toBe('http://localhost:5173/site');
      const member = await app.person('Eve');
      expect((await member.client.get(path)).status).toBe(403);
      expect((await app.client.get(path)).status).toBe(401);
    }));
});
