import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DiscoveryService, INQUIRER, REQUEST } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { API_MODULES } from '../../src/api-modules.js';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/config/config.js';
import { type Domain, DOMAINS } from '../../src/domains.js';
import { AccountDataRegistry } from '../../src/platform/account-data/account-data.js';
import { Contributions } from '../../src/platform/contributions.js';
import { LazyModules } from '../../src/platform/lazy-modules.js';
import { JsonLogger } from '../../src/platform/logger.js';
import { isolatedEnvironment } from '../support/environment.js';
import { livedIn } from '../support/leaving.js';
import { rowsOf } from '../support/rows.js';
import { PASSWORD, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const { paths } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as { paths: object };
const segmentOf = (path: string) => path.split('/')[1] ?? '';
/** What every start serves. */
const SYSTEM = new Set(['', 'errors', 'health']);

const applications: NestExpressApplication[] = [];
const compose = async (
  modules: readonly Type<object>[],
  domains: readonly Domain[],
  environment = {},
): Promise<NestExpressApplication> => {
  const logger = new JsonLogger('warn', () => undefined);
  const config = loadConfig(environment);
  const app = await createApp({ config, logger, docsDirectory: '', modules, domains });
  applications.push(app);
  return app.init();
};
const controllersOf = (app: NestExpressApplication) => app.get(DiscoveryService).getControllers();
const entitiesOf = async (app: NestExpressApplication) =>
  (await app.get(AccountDataRegistry).list()).map(({ entity }) => entity).sort();

describe('Modules that are loaded when they are needed', () => {
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(applications.splice(0).map((app) => app.close()));
  });

  it('are those of the API, no more and no fewer', async () => {
    const lazy = await Promise.all(DOMAINS.map(({ modules }) => modules()));
    expect(new Set(lazy.flat())).toEqual(new Set(API_MODULES));
  });

  it('have the paths of the OpenAPI document, each segment in one domain', () => {
    const segments = DOMAINS.flatMap((domain) => domain.segments).sort();
    const documented = new Set(Object.keys(paths).map(segmentOf));
    expect(segments).toEqual([...new Set(segments)]);
    expect(segments.filter((segment) => documented.has(segment))).toEqual(
      [...documented].filter((segment) => !SYSTEM.has(segment)).sort(),
    );
  });

  it('are not loaded at the start, and contribute all the same to who asks first', async () => {
    const [eager, lazy] = [await compose(API_MODULES, []), await compose([], DOMAINS)];
    expect(controllersOf(lazy)).toHaveLength(3);
    expect(await entitiesOf(lazy)).toEqual(await entitiesOf(eager));
    expect(controllersOf(lazy)).toHaveLength(controllersOf(eager).length);
  });

  it('contribute under names of their own', async () => {
    const add = jest.spyOn(Contributions.prototype as unknown as { add(name: string): void }, 'add');
    await compose(API_MODULES, []);
    const names = add.mock.contexts.map(
      (registry, call) => `${(registry as object).constructor.name}: ${add.mock.calls[call]?.[0]}`,
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.sort()).toEqual([...new Set(names)]);
  });

  it('rely on nothing that Nest leaves out for them: hooks, global modules and providers, middleware', () => {
    const ignored =
      /\bon(Module|Application)\w+\(|@Global\(|\bAPP_(GUARD|PIPE|FILTER|INTERCEPTOR)\b|MiddlewareConsumer/;
    const files = readdirSync('src/modules', { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.filter((file) => ignored.test(readFileSync(join('src/modules', file), 'utf8')))).toEqual(
      [],
    );
  });

  it('have no provider that belongs to one request, which could not be handed on as a value', async () => {
    const app = await compose([], DOMAINS);
    await app.get(LazyModules).loadAll();
    const own = app
      .get(DiscoveryService)
      .getProviders()
      .filter((each) => !each.isDependencyTreeStatic() || each.isTransient);
    expect(new Set(own.map(({ token }) => token))).toEqual(new Set([REQUEST, INQUIRER]));
  });

  describe('over HTTP', () => {
    let url: string;
    const open = async (domains = DOMAINS) => {
      const app = await compose([], domains, await isolatedEnvironment());
      await app.listen(0, '127.0.0.1');
      url = (await app.getUrl()).replace('localhost', '127.0.0.1');
      return app;
    };
    const get = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`${url}${path}`, init);
      return { status: response.status, allow: response.headers.get('allow'), text: await response.text() };
    };

    it('answer as if they had been there: 401, 404, 405, HEAD, in any case, with a last slash', async () => {
      await open();
      expect((await get('/v1/quests?limit=x')).status).toBe(401);
      expect((await get('/V1/Guitars/')).status).toBe(401);
      expect((await get('/v1/nowhere')).status).toBe(404);
      expect((await get('/v1/quests/no/such/path')).status).toBe(404);
      expect(await get('/v1/memories', { method: 'PUT' })).toMatchObject({
        status: 405,
        allow: 'GET, HEAD, OPTIONS, POST',
      });
      expect(await get('/v1/blog/posts', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
      expect((await get('/v1/blog/posts')).status).toBe(200);
      expect((await get('/v1/chat', { method: 'OPTIONS' })).status).toBe(204);
    });

    it('are asked by many at once', async () => {
      await open();
      const all = DOMAINS.flatMap(({ segments }) => segments);
      const paths = ['/v1/errors', ...all, ...all].map((segment) =>
        segment.startsWith('/') ? segment : `/v1/${segment}`,
      );
      const answers = await Promise.all(paths.map((path) => get(path)));
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      const codes = JSON.parse(answers[0]?.text ?? '') as { data: unknown[] };
      expect(codes.data.length).toBeGreaterThan(100);
    });

    it.each(['import', 'constructor'])(
      'answer 500 once when their %s fails, and then as ever',
      async (what) => {
        let failures = 1;
        const fail = () => {
          failures -= 1;
          if (failures >= 0) throw new Error('on purpose');
        };
        const domains = DOMAINS.map((domain) =>
          what === 'import' && domain.segments.includes('memories')
            ? { ...domain, modules: async () => (fail(), domain.modules()) }
            : domain,
        );
        const app = await open(domains);
        if (what === 'constructor') {
          const { register } = AccountDataRegistry.prototype;
          jest.spyOn(AccountDataRegistry.prototype, 'register').mockImplementation(function (
            this: AccountDataRegistry,
            data,
          ) {
            if (data.entity === 'memories') fail();
            register.call(this, data);
          });
        }
        expect((await get('/v1/memories')).status).toBe(500);
        expect((await get('/v1/memories')).status).toBe(401);
        expect((await get('/v1/chat/usage')).status).toBe(401);
        expect(await entitiesOf(app)).toContain('memories');
      },
    );
  });

  describe('asked first', () => {
    let whole: TestApp;
    beforeAll(async () => {
      whole = await TestApp.start();
    });
    afterAll(() => whole.stop());

    /** One request to a process in which nothing is loaded, and its answer. */
    const firstRequest = async (
      method: string,
      path: string,
      { token, body }: { token?: string; body?: object } = {},
    ) => {
      const app = await compose([], DOMAINS, whole.environment);
      await app.listen(0, '127.0.0.1');
      const response = await fetch((await app.getUrl()).replace('[::1]', '127.0.0.1') + path, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const { data } = (await response.json()) as { data: readonly unknown[] };
      return { status: response.status, data };
    };
    const rowsOfUser = async (userId: string, prefix = '') =>
      (await rowsOf(whole)).filter(({ PK, SK }) => PK === `USER#${userId}` && SK.startsWith(prefix));

    it('give an export everything of everybody', async () => {
      const { accessToken, client } = await livedIn(whole);
      const { data } = await firstRequest('GET', '/v1/user/export', { token: accessToken });
      expect(data).toEqual((await client.get('/v1/user/export')).data);
      expect(data.length).toBeGreaterThan(10);
    });

    it('erase everything of who leaves', async () => {
      const { userId, accessToken } = await livedIn(whole);
      const body = { password: PASSWORD };
      expect((await firstRequest('DELETE', '/v1/user', { token: accessToken, body })).status).toBe(202);
      const other = await whole.another();
      await work(other, 'sweep');
      expect(await rowsOfUser(userId)).toEqual([]);
    });

    it('give somebody new what all begin with', async () => {
      const body = { email: 'new@example.com', password: PASSWORD, name: 'New' };
      expect((await firstRequest('POST', '/v1/auth/register', { body })).status).toBe(201);
      const profile = (await rowsOf(whole)).find(({ email }) => email === body.email);
      const userId = profile?.PK.slice('USER#'.length) ?? '';
      expect(await rowsOfUser(userId, 'REMIND')).toHaveLength(1);
    });

    it('follow a change of time zone', async () => {
      const { userId, accessToken } = await livedIn(whole);
      const before = await rowsOfUser(userId, 'REMIND');
      const body = { timezone: 'Pacific/Auckland' };
      expect((await firstRequest('PUT', '/v1/user/preferences', { token: accessToken, body })).status).toBe(
        200,
      );
      expect(await rowsOfUser(userId, 'REMIND')).not.toEqual(before);
    });

    it('revoke what lets somebody in without a sign-in', async () => {
      const { userId, accessToken } = await livedIn(whole);
      expect((await firstRequest('POST', '/v1/auth/logout-all', { token: accessToken })).status).toBe(200);
      const names = (await rowsOf(whole)).filter(
        (row) => row['userId'] === userId || row.PK === `USER#${userId}`,
      );
      expect(names.filter(({ EntityType }) => /CALENDAR/.test(EntityType))).toEqual([]);
    });

    it('list every error code', async () => {
      const { data } = await firstRequest('GET', '/v1/errors');
      expect(data).toEqual((await whole.client.get('/v1/errors')).data);
    });
  });
});
