import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { daysAfter } from '../../src/platform/local-time.js';
import { CERTIFICATION, portfolioOf } from '../support/portfolio.js';
import { type Person, TestApp } from '../support/test-app.js';

const CERTIFICATIONS = '/v1/certifications';
const pathOf = ({ id }: { id: string }) => `${CERTIFICATIONS}/${id}`;
const today = new Date().toISOString().slice(0, 10);
const day = (days: number) => daysAfter(today, days);

const WHOLE = {
  ...CERTIFICATION,
  icon: '🎓',
  featured: true,
  description: 'Necks and **nuts**.',
  credentialUrl: 'https://credentials.example.com/1',
  credentialId: 'EX-1',
  expiresAt: '2090-05-31',
};

describe('Certifications', () => {
  let app: TestApp;
  let owner: Person;
  let member: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    member = await app.person('Eve');
  });
  afterAll(() => app.stop());

  const create = (body: object = CERTIFICATION) => owner.client.post(CERTIFICATIONS, body);

  it('take every field, as drafts first', async () => {
    const { status, data, headers } = await create(WHOLE);
    expect(status).toBe(201);
    expect(data).toMatchObject({ ...WHOLE, validity: 'valid', status: 'draft', version: 1 });
    expect(headers['location']).toBe(pathOf(data));
    expect((await owner.client.get(pathOf(data))).data).toEqual(data);
    expect((await create()).data).toMatchObject({
      icon: null,
      featured: false,
      description: null,
      credentialUrl: null,
      credentialId: null,
      expiresAt: null,
      validity: 'valid',
    });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ issuer: '' }, 'issuer'],
    [{ icon: 'x'.repeat(11) }, 'icon'],
    [{ type: 'degree' }, 'type'],
    [{ description: 'x'.repeat(5001) }, 'description'],
    [{ credentialUrl: 'example' }, 'credentialUrl'],
    [{ dateEarned: '2024-02-30' }, 'dateEarned'],
    [{ dateEarned: '2024-05-31T00:00:00Z' }, 'dateEarned'],
    [{ expiresAt: '2024-05-30' }, 'expiresAt'],
    [{ validity: 'valid' }, 'validity'],
  ])('refuse %j', async (fields, field) => {
    const { status, error } = await create({ ...CERTIFICATION, ...fields });
    expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'VALIDATION_ERROR', field]);
  });

  it('are valid, expiring for thirty days, and then expired', async () => {
    for (const [expiresAt, validity] of [
      [day(31), 'valid'],
      [day(30), 'expiring'],
      [day(0), 'expiring'],
      [day(-1), 'expired'],
    ] as const)
      expect((await create({ ...CERTIFICATION, expiresAt })).data.validity).toBe(validity);
  });

  it('change in what is given; one cannot come to expire before it was earned', async () => {
    const { data: certification } = await create(WHOLE);
    const { data } = await owner.client.put(pathOf(certification), { icon: null, expiresAt: null });
    expect(data).toMatchObject({ icon: null, expiresAt: null, name: CERTIFICATION.name, version: 2 });
    await owner.client.put(pathOf(certification), { expiresAt: '2025-01-01' });
    for (const change of [{ expiresAt: '2024-05-30' }, { dateEarned: '2025-01-02' }]) {
      const { status, error } = await owner.client.put(pathOf(certification), change);
      expect([status, error.details?.[0]?.field]).toEqual([400, 'expiresAt']);
    }
    const both = { dateEarned: '2026-01-01', expiresAt: '2027-01-01' };
    expect((await owner.client.put(pathOf(certification), both)).data).toMatchObject(both);
  });

  it('are published and unpublished, each once, and hidden from strangers while they are drafts', async () => {
    const { data: certification } = await create();
    const step = (name: string) => owner.client.post(`${pathOf(certification)}/${name}`);
    expect((await step('unpublish')).error.code).toBe('NOT_PUBLISHED');
    expect((await app.client.get(pathOf(certification))).error.code).toBe('CERTIFICATION_NOT_FOUND');
    expect((await step('publish')).data).toMatchObject({ status: 'published' });
    expect((await step('publish')).error.code).toBe('ALREADY_PUBLISHED');
    expect((await app.client.get(pathOf(certification))).headers['cache-control']).toContain('public');
    expect((await step('unpublish')).data.status).toBe('draft');
    expect((await member.client.get(pathOf(certification))).status).toBe(404);
  });

  it('are gone when they are removed', async () => {
    const { data: certification } = await create();
    expect((await owner.client.delete(pathOf(certification))).data.deleted).toBe(true);
    expect((await owner.client.delete(pathOf(certification))).error.code).toBe('CERTIFICATION_NOT_FOUND');
  });

  it('are written by the owner alone', async () => {
    for (const [client, status] of [
      [app.client, 401],
      [member.client, 403],
    ] as const)
      expect((await client.post(CERTIFICATIONS, CERTIFICATION)).status).toBe(status);
  });
});

describe('Lists of certifications', () => {
  it('have the featured ones first, then those that were earned last, and are filtered', () =>
    TestApp.with({}, async (app) => {
      const owner = await app.owner();
      const make = portfolioOf(owner);
      const names = async (query = '', { client } = { client: app.client }) =>
        ((await client.get(`${CERTIFICATIONS}?${query}`)).data as { name: string }[]).map(({ name }) => name);
      await make.certification({ name: '2020', dateEarned: '2020-01-01' });
      await make.certification({ name: '2022', dateEarned: '2022-01-01', type: 'course' });
      const star = await make.certification({ name: 'star', dateEarned: '2019-01-01', featured: true });
      await make.certification({ name: '2021', dateEarned: '2021-01-01' });
      await owner.client.post(CERTIFICATIONS, {
        ...CERTIFICATION,
        name: 'draft',
        dateEarned: '2023-01-01',
        type: 'course',
      });
      expect(await names()).toEqual(['star', '2022', '2021', '2020']);
      expect(await names('type=certification')).toEqual(['star', '2021', '2020']);
      expect(await names('type=course')).toEqual(['2022']);
      expect(await names('featured=true')).toEqual(['star']);
      expect(await names('featured=false&type=certification')).toEqual(['2021', '2020']);
      expect(await names('status=all', owner)).toEqual(['star', 'draft', '2022', '2021', '2020']);
      expect(await names('status=all&type=course', owner)).toEqual(['draft', '2022']);
      expect(await names('status=draft&type=course', owner)).toEqual(['draft']);
      await owner.client.put(pathOf(star), { featured: false, type: 'course', dateEarned: '2021-06-01' });
      expect(await names()).toEqual(['2022', 'star', '2021', '2020']);
      expect(await names('type=course')).toEqual(['2022', 'star']);
      const first = await app.client.get(`${CERTIFICATIONS}?limit=3`);
      const rest = await app.client.get(`${CERTIFICATIONS}?limit=3&cursor=${first.body.meta.nextCursor}`);
      expect(rest.data).toHaveLength(1);
      expect(rest.body.meta.nextCursor).toBeNull();
    }));
});
