import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/client.js';
import { operations } from '../support/openapi.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

interface Row {
  readonly route: string;
  readonly when: string;
  readonly cost: string;
}

/** The rows of docs/access-patterns.md: | route | case | pattern | round trips | read units | write units | */
const rows: Row[] = readFileSync('docs/access-patterns.md', 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, route = '']) => /^`(GET|POST|PUT|PATCH|DELETE) \//.test(route))
  .map(([, route = '', when = '', , trips, reads, writes]) => ({
    route: route.replaceAll('`', ''),
    when,
    cost: `${trips} round trips, ${reads} read, ${writes} write`,
  }));

const name = ({ route, when }: Pick<Row, 'route' | 'when'>) => (when === '' ? route : `${route} (${when})`);

describe('docs/access-patterns.md', () => {
  let app: TestApp;
  let ada: Person;
  let measured: Map<string, () => Promise<Answer>>;

  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
    const { client } = ada;
    const create = async (body: object) => (await client.post('/v1/quests', body)).data;
    const task = (fields: object = {}) => ({ type: 'task', title: 'Task', dueDate: '2025-06-25', ...fields });
    const goalBody = { type: 'goal', title: 'Goal', dueDate: '2025-12-31' };
    const goal = await create(goalBody);
    await create(task({ goalId: goal.id }));
    const path = ({ id, type }: { id: string; type: string }) => `/v1/quests/${id}?type=${type}`;
    await client.put('/v1/user/preferences', { timezone: 'UTC' });
    const keyed = { headers: { 'Idempotency-Key': 'measured' } };
    const forgot = (email: string) => app.client.post('/v1/auth/forgot-password', { email });
    const account = (fields: object = {}) => ({
      email: `${Math.random()}@example.com`,
      password: PASSWORD,
      name: 'New Person',
      ...fields,
    });
    const warm = async (person: Person) => {
      await person.client.get('/v1/quests?type=task');
      return person;
    };

    measured = new Map<string, () => Promise<Answer>>([
      ['GET /health', () => app.client.get('/health')],
      ['GET /health/ready', () => app.client.get('/health/ready')],
      ['GET /v1/errors', () => app.client.get('/v1/errors')],
      ['GET /.well-known/jwks.json', () => app.client.get('/.well-known/jwks.json')],
      ['GET /.well-known/openid-configuration', () => app.client.get('/.well-known/openid-configuration')],
      ['POST /v1/auth/register', () => app.client.post('/v1/auth/register', account())],
      [
        'POST /v1/auth/register (with a username)',
        () => app.client.post('/v1/auth/register', account({ username: 'grace' })),
      ],
      ['POST /v1/auth/signup', () => app.client.post('/v1/auth/signup', account())],
      [
        'POST /v1/auth/login',
        () => app.client.post('/v1/auth/login', { email: ada.email, password: PASSWORD }),
      ],
      [
        'POST /v1/auth/login (wrong password)',
        () => app.client.post('/v1/auth/login', { email: ada.email, password: 'Wr0ng-horse' }),
      ],
      [
        'POST /v1/auth/refresh',
        async () =>
          app.client.post('/v1/auth/refresh', { refreshToken: (await app.signIn(ada.email)).refreshToken }),
      ],
      [
        'POST /v1/auth/logout',
        async () => (await warm(await app.signIn(ada.email))).client.post('/v1/auth/logout'),
      ],
      ['POST /v1/auth/forgot-password', () => forgot(ada.email)],
      ['POST /v1/auth/forgot-password (nobody’s address)', () => forgot('nobody@example.com')],
      [
        'POST /v1/auth/reset-password',
        async () => {
          const person = await app.person();
          await forgot(person.email);
          const code = /Your code is (\d{6})/.exec((await app.mails()).at(-1) ?? '')?.[1];
          return app.client.post('/v1/auth/reset-password', {
            email: person.email,
            code,
            newPassword: PASSWORD,
          });
        },
      ],
      ['GET /v1/auth/me', () => client.get('/v1/auth/me')],
      ['GET /v1/auth/user', () => client.get('/v1/auth/user')],
      ['GET /v1/user/profile', () => client.get('/v1/user/profile')],
      ['PUT /v1/user/profile', () => client.put('/v1/user/profile', { firstName: 'Ada' })],
      ['PUT /v1/user/profile (theme)', () => client.put('/v1/user/profile', { theme: 'Dev' })],
      ['PUT /v1/user/profile (username)', () => client.put('/v1/user/profile', { username: 'ada' })],
      ['PUT /v1/user/name', () => client.put('/v1/user/name', { name: 'Ada' })],
      ['GET /v1/user/preferences', () => client.get('/v1/user/preferences')],
      ['PUT /v1/user/preferences', () => client.put('/v1/user/preferences', { a: 1 })],
      ['POST /v1/quests (task)', () => client.post('/v1/quests', task())],
      ['POST /v1/quests (goal)', () => client.post('/v1/quests', goalBody)],
      ['POST /v1/quests (task of a goal)', () => client.post('/v1/quests', task({ goalId: goal.id }))],
      ['POST /v1/quests (Idempotency-Key)', () => client.post('/v1/quests', task(), keyed)],
      ['POST /v1/quests (replayed)', () => client.post('/v1/quests', task(), keyed)],
      ['GET /v1/quests (date)', () => client.get('/v1/quests?date=2025-06-25')],
      ['GET /v1/quests (range, type=task)', () => client.get('/v1/quests?from=2025-01-01')],
      ['GET /v1/quests (view)', () => client.get('/v1/quests?view=overdue')],
      ['GET /v1/quests (open status)', () => client.get('/v1/quests?status=pending')],
      ['GET /v1/quests (status=completed)', () => client.get('/v1/quests?status=completed')],
      ['GET /v1/quests (goalId)', () => client.get(`/v1/quests?goalId=${goal.id}`)],
      ['GET /v1/quests (goalId and status)', () => client.get(`/v1/quests?goalId=${goal.id}&status=pending`)],
      ['GET /v1/quests (type=goal)', () => client.get('/v1/quests?type=goal')],
      ['GET /v1/quests (type=goal and status)', () => client.get('/v1/quests?type=goal&status=active')],
      ['GET /v1/quests/{id} (task)', async () => client.get(path(await create(task())))],
      ['GET /v1/quests/{id} (no type)', async () => client.get(`/v1/quests/${(await create(task())).id}`)],
      ['GET /v1/quests/{id} (goal)', () => client.get(path(goal))],
      ['PUT /v1/quests/{id} (text)', async () => client.put(path(await create(task())), { title: 'x' })],
      [
        'PUT /v1/quests/{id} (status)',
        async () => client.put(path(await create(task())), { status: 'in-progress' }),
      ],
      [
        'PUT /v1/quests/{id} (goalId)',
        async () => client.put(path(await create(task())), { goalId: goal.id }),
      ],
      ['DELETE /v1/quests/{id} (task)', async () => client.delete(path(await create(task())))],
      [
        'DELETE /v1/quests/{id} (goal with one task)',
        async () => {
          const doomed = await create(goalBody);
          await create(task({ goalId: doomed.id }));
          return client.delete(path(doomed));
        },
      ],
    ]);
  });
  afterAll(() => app.stop());

  it('has a row for every operation', () => {
    const documented = new Set(rows.map(({ route }) => route));
    const missing = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(missing.filter((route) => !documented.has(route))).toEqual([]);
  });

  it('has rows only for what is measured here', () => {
    expect(rows.map(name).sort()).toEqual([...measured.keys()].sort());
  });

  it('says what each request really costs', async () => {
    const real: string[] = [];
    for (const [what, send] of measured) {
      await ada.client.get('/v1/quests?type=task');
      const answer = await send();
      const line = app.logOf(answer.headers['x-request-id']);
      const [roundTrips, readUnits, writeUnits] = ['roundTrips', 'readUnits', 'writeUnits'].map(
        (cost) => line?.[cost],
      );
      real.push(
        `${what}: ${String(roundTrips)} round trips, ${String(readUnits)} read, ${String(writeUnits)} write`,
      );
    }
    if (process.env['HEARTH_PRINT_COSTS']) process.stdout.write(`${real.join('\n')}\n`);
    const said = rows.map((row) => `${name(row)}: ${row.cost}`);
    expect(real.sort()).toEqual(said.sort());
  });
});
