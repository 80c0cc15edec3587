import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/test-app.js';

describe('System', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it('says that it runs, and which version', async () => {
    const { status, data } = await app.client.get('/health');
    expect(status).toBe(200);
    expect(data).toMatchObject({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  it('says which dependency answers', async () => {
    const { data } = await app.client.get('/health/ready');
    expect(data).toEqual({ status: 'ready', dependencies: { dynamodb: 'up', s3: 'up' } });
  });

  it('lists every error code once, in order', async () => {
    const { data } = await app.client.get('/v1/errors');
    const codes = data.map(({ code }: { code: string }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(codes).toEqual(
      expect.arrayContaining(['QUEST_NOT_FOUND', 'AUTH_TOKEN_EXPIRED', 'INTERNAL_ERROR']),
    );
  });

  it('hands out the OpenAPI document that the repository holds', async () => {
    const { status, body } = await app.client.get('/openapi.json');
    expect(status).toBe(200);
    expect(body.info.title).toBe('Hearth');
    expect(Object.keys(body.paths)).toContain('/quests/{id}');
  });

  it('shows a start page to browsers, whose links lead somewhere', async () => {
    const page = await app.client.get('/', {
      headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['vary']).toContain('Accept');
    const links = [...page.text.matchAll(/(?:src|href)="([^"#]+)/g)].map(([, link = '']) => link);
    expect(new Set(links)).toEqual(
      new Set(['favicon.ico', 'docs', 'openapi.json', 'health', 'health/ready', 'v1/errors', 'register']),
    );
    for (const link of links) expect((await app.client.get(`/${link}`)).status).toBe(200);
  });

  it('names everything else to programs that know nothing but the address', async () => {
    for (const Accept of ['', '*/*', 'application/json']) {
      const { data } = await app.client.get('/', Accept === '' ? {} : { headers: { Accept } });
      expect(data).toMatchObject({ name: 'Hearth', api: '/v1', docs: '/docs', openapi: '/openapi.json' });
      expect((await app.client.get(data.health)).data.version).toBe(data.version);
    }
  });

  it('shows Swagger UI from its own files, without another host', async () => {
    const page = await app.client.get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.text).not.toMatch(/https?:\/\//);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    for (const source of sources) expect((await app.client.get(source)).status).toBe(200);
    expect(sources).toHaveLength(4);
  });

  it('hands out the documentation compressed to those who take it', async () => {
    const { headers } = await app.client.get('/docs/swagger-ui.css', {
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(headers['content-encoding']).toBe('gzip');
  });

  it('has no other file under /docs', async () => {
    for (const name of ['package.json', '..%2f..%2fpackage.json', '__proto__', 'swagger-ui.css.gz']) {
      const { status, error } = await app.client.get(`/docs/${name}`);
      expect([status, error.code]).toEqual([404, 'NOT_FOUND']);
    }
  });
});
