import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import webPush from 'web-push';
import { NotificationsService } from '../../src/modules/notifications/notifications.service.js';
import { UnsubscribeService } from '../../src/modules/notifications/unsubscribe.service.js';
import { daysAfter } from '../../src/platform/local-time.js';
import { assistantCosts } from '../support/assistant-costs.js';
import { Browser } from '../support/browser.js';
import { type Answer, type Client, confirmationOf } from '../support/client.js';
import { operations } from '../support/openapi.js';
import { complete, image, photo, upload } from '../support/photos.js';
import { portfolioCosts } from '../support/portfolio-costs.js';
import type { SocketApp } from '../support/socket-app.js';
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

const totp = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

/** Of a topic that this deployment does not listen to. */
const SNS_MESSAGE = {
  Type: 'Notification',
  MessageId: '1',
  TopicArn: 'arn:aws:sns:eu-north-1:123456789012:other',
  Message: '{}',
  Timestamp: '2025-01-01T00:00:00.000Z',
  SignatureVersion: '2',
  Signature: 'c2ln',
  SigningCertURL: 'https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
};

const name = ({ route, when }: Pick<Row, 'route' | 'when'>) => (when === '' ? route : `${route} (${when})`);

describe('docs/access-patterns.md', () => {
  let app: TestApp;
  let ada: Person;
  let measured: Map<string, () => Promise<Answer>>;

  beforeAll(async () => {
    app = await TestApp.start();
    const secrets = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/api-secrets.json');
    writeFileSync(secrets, JSON.stringify({ vapid: webPush.generateVAPIDKeys() }));
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

    const newEmail = () => `${Math.random()}@example.com`;
    const changedEmail = async () => {
      const { email } = await app.person();
      await forgot(email);
      const reset = { email, code: await app.codeFor(email), newPassword: PASSWORD };
      await app.client.post('/v1/auth/reset-password', reset);
      const person = await warm(await app.signIn(email));
      const body = { newEmail: newEmail() };
      await person.client.post('/v1/auth/change-email', body);
      const code = await app.codeFor(body.newEmail);
      const answer = await person.client.post('/v1/auth/change-email/confirm', { ...body, code });
      const mail = (await app.mails()).findLast((text) => text.includes(`To: ${person.email}`)) ?? '';
      const plain = mail.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=');
      return { answer, token: /undo-email-change\?token=([\w.-]+)/.exec(plain)?.[1] };
    };

    const invite = async () => (await client.post('/v1/invites', {})).data;
    const today = new Date().toISOString().slice(0, 10);
    const ruleBody = (fields: object = {}) => ({
      title: 'Rule',
      frequency: 'daily',
      startDate: daysAfter(today, 1),
      ...fields,
    });
    const rules = '/v1/quests/recurrence-rules';
    const rule = async (fields: object = {}) => (await client.post(rules, ruleBody(fields))).data;
    const recurring = async () => {
      const { id } = await rule({ startDate: today });
      const tasks = (await client.get(`/v1/quests?date=${today}`)).data;
      return tasks.find((each: { recurrenceRuleId: string }) => each.recurrenceRuleId === id);
    };
    const milestones = `/v1/quests/goals/${goal.id}/milestones`;
    const milestone = async () => (await client.post(milestones, { title: 'Milestone' })).data;
    const batch = (operations: readonly object[]) => client.post('/v1/quests/batch', { operations });
    const calendar = async () => {
      const { data } = await client.post('/v1/quests/calendar-token');
      return new URL(data.url);
    };
    const raised = async () => {
      const notifications = (app.running as SocketApp).app.get(NotificationsService, { strict: false });
      const message = { kind: 'questDue', title: 'Due', body: null, link: null } as const;
      await notifications.raise(ada.userId, [message]);
      return (await client.get('/v1/notifications?limit=1')).data[0];
    };
    const unsubscribe = async () => {
      const service = (app.running as SocketApp).app.get(UnsubscribeService, { strict: false });
      const { pathname, search } = new URL(await service.linkFor(ada.userId, 'all'));
      return pathname + search;
    };
    const { subscription } = new Browser('https://fcm.googleapis.com/fcm/send/example');
    const devices = '/v1/notifications/devices';

    const guitarIn = async (collection: Client) =>
      (await collection.post('/v1/guitars', { brand: 'Fender', model: 'Stratocaster', year: 1964 })).data;
    const guitar = async () => `/v1/guitars/${(await guitarIn(client)).id}`;
    const noteOf = async () => {
      const path = await guitar();
      return `${path}/notes/${(await client.post(`${path}/notes`, { content: 'Note' })).data.id}`;
    };
    /** Somebody with one guitar. */
    const collector = async () => {
      const person = await warm(await app.person());
      await guitarIn(person.client);
      return person.client;
    };
    const importing = (collection: Client, model: string) =>
      collection.post('/v1/guitars/import', { guitars: [{ brand: 'Fender', model, year: 1964 }] });
    const imagePath = async (more: object = {}) =>
      `/v1/images/${(await image(ada, undefined, more)).imageId}`;

    const secured = async () => {
      const person = await warm(await app.person());
      const { secret } = (await person.client.post('/v1/auth/mfa/totp')).data;
      const { data } = await person.client.post('/v1/auth/mfa/totp/verify', { code: totp(secret) });
      return { ...person, backupCode: data.backupCodes[0] as string };
    };

    measured = new Map<string, () => Promise<Answer>>([
      ['GET /', () => app.client.get('/')],
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
          const code = await app.codeFor(person.email);
          return app.client.post('/v1/auth/reset-password', {
            email: person.email,
            code,
            newPassword: PASSWORD,
          });
        },
      ],
      [
        'POST /v1/auth/register (by invitation)',
        async () => app.client.post('/v1/auth/register', account({ inviteCode: (await invite()).code })),
      ],
      [
        'POST /v1/auth/confirm',
        async () => {
          const person = await app.person();
          await app.client.post('/v1/auth/resend-confirmation', { email: person.email });
          const code = await app.codeFor(person.email);
          return app.client.post('/v1/auth/confirm', confirmationOf(person.email, code));
        },
      ],
      [
        'POST /v1/auth/resend-confirmation',
        async () => app.client.post('/v1/auth/resend-confirmation', { email: (await app.person()).email }),
      ],
      [
        'POST /v1/auth/resend-confirmation (nobody’s address)',
        () => app.client.post('/v1/auth/resend-confirmation', { email: 'nobody@example.com' }),
      ],
      [
        'POST /v1/auth/login (second factor)',
        async () => app.client.post('/v1/auth/login', { email: (await secured()).email, password: PASSWORD }),
      ],
      [
        'POST /v1/auth/login/challenge',
        async () => {
          const { email, backupCode } = await secured();
          const { data } = await app.client.post('/v1/auth/login', { email, password: PASSWORD });
          return app.client.post('/v1/auth/login/challenge', { ...data, answer: backupCode });
        },
      ],
      [
        'POST /v1/auth/logout-all',
        async () => (await warm(await app.person())).client.post('/v1/auth/logout-all'),
      ],
      [
        'POST /v1/auth/change-password',
        async () =>
          (await warm(await app.person())).client.post('/v1/auth/change-password', {
            currentPassword: PASSWORD,
            newPassword: 'N3w-horse!',
          }),
      ],
      ['GET /v1/auth/sessions', async () => (await warm(await app.person())).client.get('/v1/auth/sessions')],
      [
        'DELETE /v1/auth/sessions/{id}',
        async () => {
          const person = await warm(await app.person());
          const [{ id }] = (await person.client.get('/v1/auth/sessions')).data;
          return person.client.delete(`/v1/auth/sessions/${id}`);
        },
      ],
      [
        'POST /v1/auth/mfa/totp',
        async () => (await warm(await app.person())).client.post('/v1/auth/mfa/totp'),
      ],
      [
        'POST /v1/auth/mfa/totp/verify',
        async () => {
          const { client } = await warm(await app.person());
          const { secret } = (await client.post('/v1/auth/mfa/totp')).data;
          return client.post('/v1/auth/mfa/totp/verify', { code: totp(secret) });
        },
      ],
      [
        'DELETE /v1/auth/mfa/totp',
        async () => {
          const { client, backupCode } = await secured();
          return client.delete('/v1/auth/mfa/totp', { body: { code: backupCode } });
        },
      ],
      ['GET /v1/auth/mfa/totp', async () => (await warm(await app.person())).client.get('/v1/auth/mfa/totp')],
      [
        'POST /v1/auth/mfa/totp/backup-codes',
        async () => {
          const { client, backupCode } = await secured();
          return client.post('/v1/auth/mfa/totp/backup-codes', { code: backupCode });
        },
      ],
      [
        'POST /v1/auth/change-email',
        async () =>
          (await warm(await app.person())).client.post('/v1/auth/change-email', { newEmail: newEmail() }),
      ],
      ['POST /v1/auth/change-email/confirm', async () => (await changedEmail()).answer],
      [
        'POST /v1/auth/change-email/undo',
        async () => {
          const { token } = await changedEmail();
          return app.client.post('/v1/auth/change-email/undo', { token });
        },
      ],
      [
        'POST /v1/invites/accept',
        async () =>
          (await warm(await app.person())).client.post('/v1/invites/accept', { code: 'A-CODE-OF-NOBODY' }),
      ],
      [
        'DELETE /v1/users/{id}/sessions',
        async () => client.delete(`/v1/users/${(await app.person()).userId}/sessions`),
      ],
      [
        'DELETE /v1/users/{id}/mfa/totp',
        async () => client.delete(`/v1/users/${(await app.person()).userId}/mfa/totp`),
      ],
      ['DELETE /v1/users/{id}', async () => client.delete(`/v1/users/${(await app.person()).userId}`)],
      ['GET /register', () => app.client.get('/register')],
      ['GET /reset-password', () => app.client.get('/reset-password')],
      ['GET /undo-email-change', () => app.client.get('/undo-email-change')],
      ['GET /v1/user/export', async () => (await warm(await app.person())).client.get('/v1/user/export')],
      [
        'DELETE /v1/user',
        async () =>
          (await warm(await app.person())).client.delete('/v1/user', { body: { password: PASSWORD } }),
      ],
      [
        'GET /v1/erasures/{id}',
        async () => {
          const person = await app.person();
          const left = await person.client.delete('/v1/user', { body: { password: PASSWORD } });
          return app.client.get(`/v1/erasures/${left.data.receiptId}`);
        },
      ],
      ['GET /v1/users', () => client.get('/v1/users?limit=2')],
      ['GET /v1/users (one role)', () => client.get('/v1/users?role=admin&limit=2')],
      ['GET /v1/users/{id}', () => client.get(`/v1/users/${ada.userId}`)],
      [
        'PATCH /v1/users/{id}',
        async () => client.patch(`/v1/users/${(await app.person()).userId}`, { role: 'admin' }),
      ],
      [
        'PATCH /v1/users/{id} (a new owner)',
        async () => client.patch(`/v1/users/${(await app.person()).userId}`, { role: 'owner' }),
      ],
      [
        'PATCH /v1/users/{id} (disabled)',
        async () => client.patch(`/v1/users/${(await app.person()).userId}`, { status: 'disabled' }),
      ],
      ['POST /v1/invites', () => client.post('/v1/invites', {})],
      [
        'POST /v1/invites (an address)',
        () => client.post('/v1/invites', { email: `${Math.random()}@example.com` }),
      ],
      ['GET /v1/invites', () => client.get('/v1/invites')],
      ['GET /v1/invites/{id}', async () => client.get(`/v1/invites/${(await invite()).id}`)],
      ['POST /v1/invites/{id}/revoke', async () => client.post(`/v1/invites/${(await invite()).id}/revoke`)],
      ['POST /v1/invites/{id}/resend', async () => client.post(`/v1/invites/${(await invite()).id}/resend`)],
      [
        'POST /v1/invites/validate',
        async () => app.client.post('/v1/invites/validate', { code: (await invite()).code }),
      ],
      ['POST /v1/webhooks/ses (refused)', () => app.client.post('/v1/webhooks/ses', SNS_MESSAGE)],
      ['GET /v1/auth/me', () => client.get('/v1/auth/me')],
      ['GET /v1/auth/user', () => client.get('/v1/auth/user')],
      ['GET /v1/user/profile', () => client.get('/v1/user/profile')],
      ['PUT /v1/user/profile', () => client.put('/v1/user/profile', { firstName: 'Ada' })],
      ['PUT /v1/user/profile (theme)', () => client.put('/v1/user/profile', { theme: 'Dev' })],
      ['PUT /v1/user/profile (username)', () => client.put('/v1/user/profile', { username: 'ada' })],
      ['PUT /v1/user/name', () => client.put('/v1/user/name', { name: 'Ada Example' })],
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
      ['DELETE /v1/quests/{id} (task of a rule)', async () => client.delete(path(await recurring()))],
      [
        'POST /v1/quests/{id}/complete',
        async () => client.post(`/v1/quests/${(await create(task())).id}/complete`),
      ],
      [
        'POST /v1/quests/{id}/complete (recurring)',
        async () => client.post(`/v1/quests/${(await recurring()).id}/complete?type=task`),
      ],
      [
        'POST /v1/quests/{id}/reopen',
        async () =>
          client.post(`/v1/quests/${(await create(task({ status: 'completed' }))).id}/reopen?type=task`),
      ],
      ['POST /v1/quests/batch (two new tasks)', () => batch([1, 2].map(() => ({ op: 'create', ...task() })))],
      ['GET /v1/quests/stats', () => client.get('/v1/quests/stats?from=1990-01-01&to=1990-01-31')],
      ['GET /v1/quests/goals', () => client.get('/v1/quests/goals')],
      ['GET /v1/quests/goals (status)', () => client.get('/v1/quests/goals?status=active')],
      ['GET /v1/quests/goals/{goalId}/progress', () => client.get(`/v1/quests/goals/${goal.id}/progress`)],
      ['GET /v1/quests/goals/{goalId}/milestones', () => client.get(milestones)],
      ['POST /v1/quests/goals/{goalId}/milestones', () => client.post(milestones, { title: 'Milestone' })],
      [
        'PATCH /v1/quests/goals/{goalId}/milestones/{milestoneId}',
        async () => client.patch(`${milestones}/${(await milestone()).id}`, { title: 'x' }),
      ],
      [
        'PATCH /v1/quests/goals/{goalId}/milestones/{milestoneId} (done)',
        async () => client.patch(`${milestones}/${(await milestone()).id}`, { done: true }),
      ],
      [
        'DELETE /v1/quests/goals/{goalId}/milestones/{milestoneId}',
        async () => client.delete(`${milestones}/${(await milestone()).id}`),
      ],
      ['POST /v1/quests/recurrence-rules', () => client.post(rules, ruleBody())],
      [
        'POST /v1/quests/recurrence-rules (due today)',
        () => client.post(rules, ruleBody({ startDate: today })),
      ],
      ['GET /v1/quests/recurrence-rules', () => client.get(`${rules}?limit=2`)],
      ['GET /v1/quests/recurrence-rules/{id}', async () => client.get(`${rules}/${(await rule()).id}`)],
      [
        'PUT /v1/quests/recurrence-rules/{id}',
        async () => client.put(`${rules}/${(await rule()).id}`, { title: 'x' }),
      ],
      ['DELETE /v1/quests/recurrence-rules/{id}', async () => client.delete(`${rules}/${(await rule()).id}`)],
      [
        'GET /v1/quests/recurrence-rules/{id}/preview',
        async () => client.get(`${rules}/${(await rule()).id}/preview`),
      ],
      [
        'POST /v1/quests/recurrence-rules/{id}/skip',
        async () => client.post(`${rules}/${(await rule()).id}/skip`, { date: daysAfter(today, 2) }),
      ],
      [
        'POST /v1/quests/calendar-token',
        async () => (await warm(await app.person())).client.post('/v1/quests/calendar-token'),
      ],
      [
        'POST /v1/quests/calendar-token (another)',
        async () => {
          await calendar();
          return client.post('/v1/quests/calendar-token');
        },
      ],
      [
        'DELETE /v1/quests/calendar-token',
        async () => {
          await calendar();
          return client.delete('/v1/quests/calendar-token');
        },
      ],
      [
        'GET /v1/quests/calendar.ics',
        async () => {
          const person = await warm(await app.person());
          const { data } = await person.client.post('/v1/quests/calendar-token');
          const { pathname, search } = new URL(data.url);
          return app.client.get(pathname + search);
        },
      ],
      ['GET /v1/notifications', () => client.get('/v1/notifications?limit=2')],
      ['GET /v1/notifications/unread-count', () => client.get('/v1/notifications/unread-count')],
      [
        'PATCH /v1/notifications/{id}',
        async () => client.patch(`/v1/notifications/${(await raised()).id}`, { read: true }),
      ],
      [
        'POST /v1/notifications/read-all (one unread)',
        async () => {
          await client.post('/v1/notifications/read-all');
          await raised();
          return client.post('/v1/notifications/read-all');
        },
      ],
      [
        'DELETE /v1/notifications/{id}',
        async () => client.delete(`/v1/notifications/${(await raised()).id}`),
      ],
      ['GET /v1/notifications/preferences', () => client.get('/v1/notifications/preferences')],
      [
        'PUT /v1/notifications/preferences',
        () => client.put('/v1/notifications/preferences', { digest: { hour: 9 } }),
      ],
      [
        'PUT /v1/notifications/preferences (reminderHour)',
        async () => {
          await client.put('/v1/notifications/preferences', { reminderHour: 9 });
          return client.put('/v1/notifications/preferences', { reminderHour: 8 });
        },
      ],
      ['GET /v1/notifications/devices', () => client.get(devices)],
      ['POST /v1/notifications/devices', () => client.post(devices, subscription)],
      [
        'DELETE /v1/notifications/devices',
        async () => {
          await client.post(devices, subscription);
          return client.delete(devices, { body: { endpoint: subscription.endpoint } });
        },
      ],
      [
        'POST /v1/guitars',
        () => client.post('/v1/guitars', { brand: 'Fender', model: 'Mustang', year: 1966 }),
      ],
      ['GET /v1/guitars', async () => (await collector()).get('/v1/guitars')],
      ['GET /v1/guitars (brand, or sort)', async () => (await collector()).get('/v1/guitars?brand=fender')],
      ['GET /v1/guitars (filters, search)', async () => (await collector()).get('/v1/guitars?search=strat')],
      ['GET /v1/guitars/brands', async () => (await collector()).get('/v1/guitars/brands')],
      ['GET /v1/guitars/stats', async () => (await collector()).get('/v1/guitars/stats')],
      ['GET /v1/guitars/export', async () => (await collector()).get('/v1/guitars/export?format=csv')],
      ['POST /v1/guitars/import', async () => importing(await collector(), 'Stratocaster')],
      ['POST /v1/guitars/import (one new)', async () => importing(await collector(), 'Telecaster')],
      ['GET /v1/guitars/{id}', async () => client.get(await guitar())],
      ['PUT /v1/guitars/{id}', async () => client.put(await guitar(), { color: 'Red' })],
      [
        'PUT /v1/guitars/{id} (price)',
        async () => client.put(await guitar(), { privateInfo: { currentValue: 1, currency: 'EUR' } }),
      ],
      ['DELETE /v1/guitars/{id}', async () => client.delete(await guitar())],
      [
        'DELETE /v1/guitars/{id} (a photo)',
        async () => {
          const path = await guitar();
          await image(ada, undefined, { guitarId: path.split('/').at(-1) });
          return client.delete(path);
        },
      ],
      [
        'PUT /v1/guitars/{id}/images',
        async () => {
          const path = `${await guitar()}/images`;
          return client.put(path, [{ imageId: (await image(ada)).imageId }]);
        },
      ],
      [
        'POST /v1/guitars/{guitarId}/notes',
        async () => client.post(`${await guitar()}/notes`, { content: 'Note' }),
      ],
      [
        'PATCH /v1/guitars/{guitarId}/notes/{noteId}',
        async () => client.patch(await noteOf(), { content: 'Another' }),
      ],
      ['DELETE /v1/guitars/{guitarId}/notes/{noteId}', async () => client.delete(await noteOf())],
      [
        'POST /v1/images/upload-url',
        () => client.post('/v1/images/upload-url', { fileName: 'a.jpg', fileType: 'image/jpeg' }),
      ],
      ['POST /v1/images/upload-complete', async () => complete(client, await upload(client, await photo()))],
      [
        'POST /v1/images/upload-complete (again)',
        async () => {
          const key = await upload(client, await photo());
          await complete(client, key);
          return complete(client, key);
        },
      ],
      [
        'POST /v1/images/upload-complete (guitarId)',
        async () => {
          const guitarId = (await guitarIn(client)).id;
          return complete(client, await upload(client, await photo()), { guitarId });
        },
      ],
      [
        'GET /v1/images',
        async () => {
          const person = await warm(await app.person());
          await image(person);
          return person.client.get('/v1/images');
        },
      ],
      ['GET /v1/images/{id}', async () => client.get(await imagePath())],
      ['PATCH /v1/images/{id}', async () => client.patch(await imagePath(), { caption: 'Caption' })],
      ['DELETE /v1/images/{id}', async () => client.delete(await imagePath())],
      ['GET /v1/notifications/unsubscribe', async () => app.client.get(await unsubscribe())],
      [
        'POST /v1/notifications/unsubscribe',
        async () => {
          await client.put('/v1/notifications/preferences', { channels: { questDue: { email: true } } });
          return app.client.post(await unsubscribe());
        },
      ],
      ...(await portfolioCosts(app, ada)),
      ...(await assistantCosts(app)),
      [
        'GET /v1/context/types/{contextType}/users',
        () => client.get('/v1/context/types/preferences/users?limit=1'),
      ],
    ]);
  });
  afterAll(() => app.stop());

  it('has a row for every operation', () => {
    const documented = new Set(rows.map(({ route }) => route));
    const missing = operations
      .filter((operation) => operation['x-alias-of'] === undefined)
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`);
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
