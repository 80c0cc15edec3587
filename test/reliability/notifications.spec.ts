import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import webPush from 'web-push';
import { createPublicKey } from 'node:crypto';
import { NotificationsRepository } from '../../src/modules/notifications/notifications.repository.js';
import type { Message } from '../../src/modules/notifications/notification.js';
import { IdSource } from '../../src/platform/ids.js';
import { RequestContext, requestContext } from '../../src/platform/request-context.js';
import { Browser } from '../support/browser.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, type Environment, HASTY, PATIENT } from '../support/environment.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { rowsOf, testDynamoDb } from '../support/rows.js';
import { refusal, type Reply, ScriptedServer } from '../support/scripted-server.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const PREFERENCES = '/v1/notifications/preferences';

// The year is far ahead, since tokens are held against the real clock as well.
const clock = new TestClock();
const at = (iso: string) => clock.set(iso);

interface Given {
  /** What is said in PUT /notifications/preferences. */
  readonly preferences?: object;
  readonly timezone?: string;
  /** Tasks, by the day they are due. */
  readonly tasks?: readonly [title: string, dueDate: string][];
}

/** Somebody on 2082-03-01, at noon. */
async function someone(app: TestApp, { preferences, timezone, tasks = [] }: Given = {}): Promise<Person> {
  at('2082-03-01T12:00:00Z');
  const person = await app.person();
  if (timezone) await person.client.put('/v1/user/preferences', { timezone });
  if (preferences) await person.client.put(PREFERENCES, preferences);
  for (const [title, dueDate] of tasks)
    await person.client.post('/v1/quests', { type: 'task', title, dueDate });
  return person;
}

/** Their token has run out since. */
const again = async (app: TestApp, { email }: Person) => (await app.signIn(email)).client;

const inbox = async (
  app: TestApp,
  person: Person,
): Promise<{ id: string; kind: string; title: string; body: string }[]> =>
  (await (await again(app, person)).get('/v1/notifications')).data;

const mailsTo = async (app: TestApp, { email }: Person) =>
  (await app.mails()).filter((text) => text.includes(`To: ${email}`));

/** A mail's text as it was written, soft line breaks taken out. */
const plain = (mail: string) => mail.replaceAll('=\r\n', '').replaceAll('=3D', '=');

describe('Reminders', () => {
  let app: TestApp;
  beforeAll(async () => {
    at('2082-03-01T12:00:00Z');
    app = await TestApp.start({ clock });
  });
  afterAll(() => app.stop());
  const notify = () => work(app, 'notify');

  it('come once a day, at the hour of the user’s own morning, with what is due', async () => {
    const person = await someone(app, {
      timezone: 'Asia/Kathmandu',
      tasks: [
        ['Restring', '2082-03-02'],
        ['Tune', '2082-03-02'],
        ['Play', '2082-03-03'],
      ],
    });
    at('2082-03-02T02:14:59Z');
    await notify();
    expect(await inbox(app, person)).toEqual([]);
    at('2082-03-02T02:15:00Z');
    await notify();
    await notify();
    expect(await inbox(app, person)).toEqual([
      expect.objectContaining({ kind: 'questDue', title: '2 quests are due today', body: 'Restring\nTune' }),
    ]);
  });

  it('tell of what is overdue once, however long the worker was away', async () => {
    const person = await someone(app, {
      tasks: [
        ['One', '2082-03-01'],
        ['Two', '2082-03-03'],
        ['Three', '2082-03-05'],
      ],
    });
    for (const day of ['02', '03', '06', '07']) {
      at(`2082-03-${day}T09:00:00Z`);
      await notify();
    }
    const told = (await inbox(app, person)).map(({ kind, body }) => `${kind} ${body}`);
    expect(told.sort()).toEqual(['questDue Two', 'questOverdue One', 'questOverdue Two\nThree'].sort());
  });

  it('tell nothing of what is done', async () => {
    const person = await someone(app, { tasks: [['Done', '2082-03-02']] });
    const [task] = (await person.client.get('/v1/quests?date=2082-03-02')).data;
    await person.client.post(`/v1/quests/${task.id}/complete`);
    at('2082-03-03T09:00:00Z');
    await notify();
    expect(await inbox(app, person)).toEqual([]);
  });

  it('name ten, and say how many more', async () => {
    const tasks = Array.from({ length: 12 }, (_, each): [string, string] => [`Task ${each}`, '2082-03-02']);
    const person = await someone(app, { tasks });
    at('2082-03-02T09:00:00Z');
    await notify();
    const [{ title, body } = { title: '', body: '' }] = await inbox(app, person);
    expect([title, body.split('\n').length, body.endsWith('and 2 more')]).toEqual([
      '12 quests are due today',
      11,
      true,
    ]);
  });

  it('follow the hour and the time zone that somebody chooses', async () => {
    const [early, moved] = [
      await someone(app, { tasks: [['One', '2082-03-02']], preferences: { reminderHour: 5 } }),
      await someone(app, { tasks: [['One', '2082-03-02']] }),
    ];
    await moved.client.put('/v1/user/preferences', { timezone: 'America/New_York' });
    // Past the first morning in New York, and before the second.
    at('2082-03-02T05:00:00Z');
    await notify();
    expect(await inbox(app, early)).toHaveLength(1);
    at('2082-03-02T12:59:00Z');
    await notify();
    expect(await inbox(app, moved)).toEqual([]);
    at('2082-03-02T13:00:00Z');
    await notify();
    expect(await inbox(app, moved)).toHaveLength(1);
    // Later on the same day: they were reminded already.
    await (await again(app, early)).put(PREFERENCES, { reminderHour: 20 });
    at('2082-03-02T20:00:00Z');
    await notify();
    expect(await inbox(app, early)).toHaveLength(1);
  });

  it('come at once where the hour that somebody chooses has passed, once a day', async () => {
    const person = await someone(app, { tasks: [['Now', '2082-03-01']], preferences: { reminderHour: 11 } });
    await notify();
    expect(await inbox(app, person)).toEqual([expect.objectContaining({ body: 'Now' })]);
    await (await again(app, person)).put(PREFERENCES, { reminderHour: 12 });
    await notify();
    expect(await inbox(app, person)).toHaveLength(1);
  });

  it('by several at once come once', async () => {
    const preferences = { channels: { questDue: { email: true } } };
    const people: Person[] = [];
    for (let many = 0; many < 6; many += 1)
      people.push(await someone(app, { tasks: [['One', '2082-03-02']], preferences }));
    const other = await app.another({}, clock);
    at('2082-03-02T08:00:00Z');
    await Promise.all([notify(), work(other, 'notify'), notify()]);
    await Promise.all([notify(), work(other, 'notify')]);
    for (const person of people)
      expect([(await inbox(app, person)).length, (await mailsTo(app, person)).length]).toEqual([1, 1]);
  });

  describe('in the inbox', () => {
    const reminded = async () => {
      const person = await someone(app, {
        tasks: [
          ['Late', '2082-03-01'],
          ['Due', '2082-03-02'],
        ],
      });
      at('2082-03-02T08:00:00Z');
      await notify();
      const client = await again(app, person);
      const unread = async () => (await client.get('/v1/notifications/unread-count')).data.unread;
      const [newer, older] = (await client.get('/v1/notifications')).data;
      return { client, unread, newer, older };
    };

    it('are read, one or all, and unread again', async () => {
      const { client, unread, newer } = await reminded();
      expect(await unread()).toBe(2);
      const read = await client.patch(`/v1/notifications/${newer.id}`, { read: true });
      expect([read.data.read, read.data.readAt, await unread()]).toEqual([
        true,
        '2082-03-02T08:00:00.000Z',
        1,
      ]);
      expect((await client.get('/v1/notifications?unread=true')).data).toHaveLength(1);
      expect((await client.patch(`/v1/notifications/${newer.id}`, { read: false })).data.read).toBe(false);
      expect(await unread()).toBe(2);
      const all = await Promise.all([1, 2, 3].map(() => client.post('/v1/notifications/read-all')));
      expect(all.reduce((sum, { data }) => sum + data.read, 0)).toBe(2);
      expect(await unread()).toBe(0);
    });

    it('are counted up to 99, for what a hundred cost, however many there are', async () => {
      const { client, newer } = await reminded();
      const { userId } = newer;
      const { app: nest } = app.running as SocketApp;
      const repository = nest.get(NotificationsRepository, { strict: false });
      const message: Message = { kind: 'questDue', title: 'Due', body: 'x'.repeat(400), link: '/quests' };
      const raise = (many: number) =>
        repository.commit(
          Array.from({ length: many }, () =>
            repository.raising(userId, nest.get(IdSource).next(), message, false, []),
          ).flat(),
        );
      const count = async () => (await client.get('/v1/notifications/unread-count')).data;
      await raise(97);
      expect(await count()).toEqual({ unread: 99, more: false });
      for (let times = 0; times < 3; times += 1) await raise(100);
      expect(await count()).toEqual({ unread: 99, more: true });
      const context = new RequestContext('test', '/', 60_000);
      await requestContext.run(context, () => repository.countUnread(userId, 99));
      expect(context.dynamodb.roundTrips).toBe(1);
      expect(context.dynamodb.readUnits).toBeLessThanOrEqual(12);
    });

    it('are listed by kind, newest first, in pages', async () => {
      const { client, newer, older } = await reminded();
      expect((await client.get(`/v1/notifications?kind=${older.kind}`)).data).toEqual([older]);
      const first = await client.get('/v1/notifications?limit=1');
      const second = await client.get(`/v1/notifications?limit=1&cursor=${first.body.meta.nextCursor}`);
      expect([first.data, second.data, second.body.meta.nextCursor]).toEqual([[newer], [older], null]);
    });

    it('are snoozed: hidden until then, and unread afterwards', async () => {
      const { client, unread, newer } = await reminded();
      await client.patch(`/v1/notifications/${newer.id}`, { read: true });
      const body = { snoozeUntil: '2082-03-02T08:30:00Z' };
      expect((await client.patch(`/v1/notifications/${newer.id}`, body)).data).toMatchObject({
        read: false,
        snoozedUntil: '2082-03-02T08:30:00.000Z',
      });
      expect([(await client.get('/v1/notifications')).data.length, await unread()]).toEqual([1, 1]);
      at('2082-03-02T08:30:00Z');
      expect([(await client.get('/v1/notifications')).data.length, await unread()]).toEqual([2, 2]);
    });

    it('are removed, and belong to one user alone', async () => {
      const { client, unread, newer, older } = await reminded();
      const eve = await app.person();
      expect((await eve.client.patch(`/v1/notifications/${newer.id}`, { read: true })).status).toBe(404);
      expect((await eve.client.delete(`/v1/notifications/${newer.id}`)).status).toBe(404);
      const stale = { headers: { 'If-Match': '"v9-x"' } };
      expect((await client.delete(`/v1/notifications/${newer.id}`, stale)).status).toBe(412);
      expect((await client.delete(`/v1/notifications/${newer.id}`)).data).toEqual({
        id: newer.id,
        deleted: true,
      });
      expect([(await client.get('/v1/notifications')).data, await unread()]).toEqual([[older], 1]);
    });
  });

  describe('by mail', () => {
    const email = { channels: { questDue: { email: true }, questOverdue: { email: true } } };

    it('go to those who ask for it, with a way out', async () => {
      const person = await someone(app, { tasks: [['Restring <b>', '2082-03-02']], preferences: email });
      at('2082-03-02T08:00:00Z');
      await notify();
      await notify();
      const [mail = '', ...others] = await mailsTo(app, person);
      expect(others).toEqual([]);
      expect(mail).toContain('Subject: 1 quest is due today');
      expect(plain(mail)).toContain('Restring &lt;b&gt;');
      expect(mail).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
      const link = /List-Unsubscribe:\s+<http:\/\/localhost:3000([^>]+)>/.exec(mail)?.[1] ?? '';
      expect(plain(mail)).toContain(link);

      const page = await app.client.get(link);
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.text).toContain('<form method="post">');
      const client = await again(app, person);
      expect((await client.get(PREFERENCES)).data.channels.questDue.email).toBe(true);
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const done = await app.client.post(link, undefined, { raw: 'List-Unsubscribe=One-Click', headers });
      expect([done.status, done.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect((await client.get(PREFERENCES)).data.channels).toMatchObject({
        questDue: { email: false },
        questOverdue: { email: true },
      });
      const form = { 'Content-Type': 'multipart/form-data; boundary=x' };
      expect((await app.client.post(link, undefined, { raw: '--x--', headers: form })).status).toBe(200);
    });

    it('wait for the end of quiet hours', async () => {
      const person = await someone(app, {
        tasks: [['One', '2082-03-02']],
        preferences: { ...email, quietHours: { start: '22:00', end: '09:30' } },
      });
      at('2082-03-02T08:00:00Z');
      await notify();
      expect([(await inbox(app, person)).length, (await mailsTo(app, person)).length]).toEqual([1, 0]);
      at('2082-03-02T09:29:59Z');
      await notify();
      expect(await mailsTo(app, person)).toHaveLength(0);
      at('2082-03-02T09:30:00Z');
      await notify();
      expect(await mailsTo(app, person)).toHaveLength(1);
    });

    it('wait for the end of quiet hours also when the worker is late', async () => {
      const person = await someone(app, {
        tasks: [['One', '2082-03-02']],
        preferences: { ...email, quietHours: { start: '22:00', end: '07:00' } },
      });
      at('2082-03-02T22:30:00Z');
      await notify();
      expect([(await inbox(app, person)).length, (await mailsTo(app, person)).length]).toEqual([1, 0]);
      at('2082-03-03T07:00:00Z');
      await notify();
      const [mail = ''] = await mailsTo(app, person);
      expect(mail).toContain('Subject: 1 quest is due today');
    });

    it('go to nobody who may not sign in', async () => {
      const quiet = { ...email, quietHours: { start: '00:00', end: '10:00' } };
      const person = await someone(app, { tasks: [['One', '2082-03-02']], preferences: quiet });
      at('2082-03-02T08:00:00Z');
      await notify();
      const key = { PK: `USER#${person.userId}`, SK: 'PROFILE' };
      await testDynamoDb.send(
        new UpdateCommand({
          TableName: app.environment['DYNAMODB_TABLE_NAME'],
          Key: key,
          UpdateExpression: 'SET #status = :disabled',
          ExpressionAttributeNames: { '#status': 'Status' },
          ExpressionAttributeValues: { ':disabled': 'DISABLED' },
        }),
      );
      at('2082-03-02T10:00:00Z');
      await notify();
      expect(await mailsTo(app, person)).toEqual([]);
    });

    it('go out though somebody else’s reminder cannot be made', async () => {
      const [lucky, unlucky] = [
        await someone(app, { tasks: [['One', '2082-03-02']], preferences: email }),
        await someone(app, { tasks: [['One', '2082-03-02']] }),
      ];
      const key = { PK: `USER#${unlucky.userId}`, SK: 'CONTEXT#preferences' };
      const table = { TableName: app.environment['DYNAMODB_TABLE_NAME'] };
      const data = { timezone: 'Mars/Base' };
      await testDynamoDb.send(
        new PutCommand({ ...table, Item: { ...key, EntityType: 'CONTEXT', Version: 1, data } }),
      );
      at('2082-03-02T08:00:00Z');
      await expect(notify()).rejects.toThrow('1 of');
      expect(await mailsTo(app, lucky)).toHaveLength(1);
      await testDynamoDb.send(new DeleteCommand({ ...table, Key: key }));
      await notify();
      expect(await inbox(app, unlucky)).toHaveLength(1);
    });

    it('go as one digest a day, if asked to', async () => {
      const person = await someone(app, {
        tasks: [
          ['Late', '2082-03-01'],
          ['Due', '2082-03-02'],
        ],
        preferences: { ...email, digest: { enabled: true, hour: 18 } },
      });
      at('2082-03-02T08:00:00Z');
      await notify();
      expect(await mailsTo(app, person)).toHaveLength(0);
      at('2082-03-02T18:00:00Z');
      await notify();
      await notify();
      const [mail = '', ...others] = await mailsTo(app, person);
      expect(others).toEqual([]);
      expect(mail).toContain('Subject: 2 notifications');
      for (const text of ['1 quest is overdue', 'Late', '1 quest is due today', 'Due'])
        expect(plain(mail)).toContain(text);
      // Its way out ends them all.
      const link = /List-Unsubscribe:\s+<http:\/\/localhost:3000([^>]+)>/.exec(mail)?.[1] ?? '';
      await app.client.post(link);
      expect((await (await again(app, person)).get(PREFERENCES)).data.channels).toMatchObject({
        questDue: { email: false },
        questOverdue: { email: false },
      });
    });

    it('do not go to whoever has read them, or wants none any more', async () => {
      const quiet = { ...email, quietHours: { start: '00:00', end: '10:00' } };
      const [reader, leaver] = [
        await someone(app, { tasks: [['One', '2082-03-02']], preferences: quiet }),
        await someone(app, { tasks: [['One', '2082-03-02']], preferences: quiet }),
      ];
      at('2082-03-02T09:00:00Z');
      await notify();
      await (await again(app, reader)).post('/v1/notifications/read-all');
      await (await again(app, leaver)).put(PREFERENCES, { channels: { questDue: { email: false } } });
      at('2082-03-02T10:00:00Z');
      await notify();
      expect([...(await mailsTo(app, reader)), ...(await mailsTo(app, leaver))]).toEqual([]);
      const left = (await rowsOf(app)).filter(
        ({ EntityType, PK }) =>
          EntityType === 'DELIVERY' && [reader, leaver].some(({ userId }) => PK.includes(userId)),
      );
      expect(left).toEqual([]);
    });

    it('alone, if the inbox is not wanted; and nothing is kept where nothing is wanted', async () => {
      const [muted, silent] = [
        await someone(app, {
          tasks: [['One', '2082-03-02']],
          preferences: { channels: { questDue: { inApp: false, email: true } } },
        }),
        await someone(app, {
          tasks: [['One', '2082-03-02']],
          preferences: { channels: { questDue: { inApp: false, push: false } } },
        }),
      ];
      at('2082-03-02T08:00:00Z');
      await notify();
      expect([(await inbox(app, muted)).length, (await mailsTo(app, muted)).length]).toEqual([0, 1]);
      expect(
        (await rowsOf(app)).filter(({ SK, PK }) => SK.startsWith('NOTIF#') && PK.includes(silent.userId)),
      ).toEqual([]);
    });
  });
});

describe('Sending', () => {
  const started = async (environment: Environment, work: (app: TestApp) => Promise<void>) => {
    at('2082-03-01T12:00:00Z');
    await TestApp.with({ clock, environment }, work);
  };

  it('is tried again while the mail service is down, and given up in the end', async () => {
    let down = true;
    const ses = await ScriptedServer.start((): Reply =>
      down ? { status: 500, body: {} } : { body: { MessageId: '1' } },
    );
    await started({ MAIL_TRANSPORT: 'ses', SES_ENDPOINT: ses.url }, async (app) => {
      const preferences = { channels: { questDue: { email: true } } };
      const person = await someone(app, { tasks: [['One', '2082-03-02']], preferences });
      at('2082-03-02T08:00:00Z');
      await work(app, 'notify');
      down = false;
      await work(app, 'notify');
      const delivered = () => ses.requests.filter(({ body }) => JSON.stringify(body).includes(person.email));
      const before = delivered().length;
      at('2082-03-02T08:05:00Z');
      await work(app, 'notify');
      await work(app, 'notify');
      expect(delivered().length - before).toBe(1);
      const Headers = delivered().at(-1)?.body.Content.Simple.Headers ?? [];
      expect(Headers.map(({ Name }: { Name: string }) => Name)).toEqual([
        'List-Unsubscribe',
        'List-Unsubscribe-Post',
      ]);

      down = true;
      const unlucky = await someone(app, { tasks: [['One', '2082-03-02']], preferences });
      at('2082-03-02T08:00:00Z');
      for (let hours = 0; hours < 12; hours += 1) {
        await work(app, 'notify');
        clock.forward({ seconds: 3600 });
      }
      const rows = (await rowsOf(app)).filter(
        ({ EntityType, PK }) => EntityType === 'DELIVERY' && PK.includes(unlucky.userId),
      );
      expect(rows).toEqual([]);
      expect(await inbox(app, unlucky)).toHaveLength(1);
    });
    await ses.stop();
  });

  it('waits for as long as SES takes no more, as after the 200 mails a day of its sandbox, and loses nothing', async () => {
    let limited = true;
    const ses = await ScriptedServer.start((): Reply =>
      limited
        ? refusal('LimitExceededException', 'Daily message quota exceeded')
        : { body: { MessageId: '1' } },
    );
    await started({ MAIL_TRANSPORT: 'ses', SES_ENDPOINT: ses.url }, async (app) => {
      const preferences = { channels: { questDue: { email: true } } };
      const person = await someone(app, { tasks: [['One', '2082-03-02']], preferences });
      at('2082-03-02T08:00:00Z');
      for (let hours = 0; hours < 24; hours += 1) {
        await work(app, 'notify');
        clock.forward({ seconds: 3601 });
      }
      limited = false;
      const before = ses.requests.length;
      await work(app, 'notify');
      await work(app, 'notify');
      const sent = ses.requests
        .slice(before)
        .filter(({ body }) => JSON.stringify(body).includes(person.email));
      expect(sent).toHaveLength(1);
    });
    await ses.stop();
  });

  it('by Web Push reaches every device, encrypted and signed, and drops the dead ones at once', async () => {
    const answers = new Map<string, number>();
    const service = await ScriptedServer.start(({ path }): Reply => ({
      status: answers.get(path) ?? 201,
      text: '',
    }));
    const vapid = webPush.generateVAPIDKeys();
    await started({ PUSH_SERVICES: '127.0.0.1' }, async (app) => {
      const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/api-secrets.json');
      await writeFile(file, JSON.stringify({ vapid }));
      const person = await someone(app, { tasks: [['Restring', '2082-03-02']] });
      expect((await person.client.get(PREFERENCES)).data.pushPublicKey).toBe(vapid.publicKey);
      const browsers = ['/alive', '/gone', '/busy'].map((path) => new Browser(`${service.url}${path}`));
      for (const { subscription } of browsers) {
        const registered = await person.client.post('/v1/notifications/devices', subscription);
        expect(registered.status).toBe(201);
        const same = await person.client.post('/v1/notifications/devices', subscription);
        expect(same.data.id).toBe(registered.data.id);
      }
      answers.set('/gone', 410).set('/busy', 500);
      at('2082-03-02T08:00:00Z');
      await work(app, 'notify');

      const [told] = await inbox(app, person);
      const received = service.requests.find(({ path }) => path === '/alive');
      expect(browsers[0]?.read(received?.body)).toEqual({
        id: told?.id,
        tag: told?.id,
        kind: 'questDue',
        title: '1 quest is due today',
        body: 'Restring',
        link: '/quests?view=today',
      });
      expect(received?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400' });
      const [, token = '', key = ''] =
        /^vapid t=([^,]+), ?k=(.+)$/.exec(received?.headers.authorization ?? '') ?? [];
      expect(key).toBe(vapid.publicKey);
      const point = Buffer.from(key, 'base64url');
      const jwk = {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      };
      expect(jwt.verify(token, createPublicKey({ key: jwk, format: 'jwk' }))).toMatchObject({
        aud: service.url,
      });

      const devices = (await rowsOf(app))
        .filter(({ EntityType }) => EntityType === 'DEVICE')
        .map(({ endpoint }) => endpoint);
      expect(devices.sort()).toEqual([`${service.url}/alive`, `${service.url}/busy`]);
      // Only the busy one is tried again.
      answers.set('/busy', 201);
      at('2082-03-02T08:05:00Z');
      await work(app, 'notify');
      await work(app, 'notify');
      const times = (path: string) => service.requests.filter((request) => request.path === path).length;
      expect([times('/alive'), times('/gone'), times('/busy')]).toEqual([1, 1, 2]);

      const client = await again(app, person);
      const removed = await client.delete('/v1/notifications/devices', {
        body: { endpoint: browsers[0]?.endpoint },
      });
      expect(removed.data.deleted).toBe(true);
      for (const endpoint of [
        'https://example.com/push',
        'http://169.254.169.254/latest',
        'https://user:pw@127.0.0.1/',
        'ftp://127.0.0.1/x',
        `${service.url}.example.com/`,
      ]) {
        const refused = await client.post('/v1/notifications/devices', {
          ...browsers[0]?.subscription,
          endpoint,
        });
        expect([endpoint, refused.status, refused.error.code]).toEqual([endpoint, 400, 'VALIDATION_ERROR']);
      }
    });
    await service.stop();
  });

  it('with keys that are none pushes nothing, and drops no device', () =>
    started({ PUSH_SERVICES: '127.0.0.1' }, async (app) => {
      const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/api-secrets.json');
      const { publicKey } = webPush.generateVAPIDKeys();
      await writeFile(file, JSON.stringify({ vapid: { publicKey, privateKey: 'short' } }));
      const person = await someone(app, { tasks: [['One', '2082-03-02']] });
      const { subscription } = new Browser('http://127.0.0.1/one');
      expect((await person.client.post('/v1/notifications/devices', subscription)).status).toBe(201);
      at('2082-03-02T08:00:00Z');
      await work(app, 'notify');
      const rows = await rowsOf(app);
      expect(rows.filter(({ EntityType }) => EntityType === 'DEVICE')).toHaveLength(1);
      expect(rows.filter(({ EntityType }) => EntityType === 'DELIVERY')).toHaveLength(1);
    }));

  it('a browser belongs to whoever registered it last', () =>
    started({ PUSH_SERVICES: '127.0.0.1' }, async (app) => {
      const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/api-secrets.json');
      await writeFile(file, JSON.stringify({ vapid: webPush.generateVAPIDKeys() }));
      const [ada, eve] = [await someone(app), await someone(app)];
      const { subscription } = new Browser('http://127.0.0.1/shared');
      await ada.client.post('/v1/notifications/devices', subscription);
      await eve.client.post('/v1/notifications/devices', subscription);
      const owners = (await rowsOf(app))
        .filter(({ EntityType }) => EntityType === 'DEVICE')
        .map(({ PK }) => PK);
      expect(owners).toEqual([`USER#${eve.userId}`]);
      expect((await ada.client.get('/v1/notifications/devices')).data).toEqual([]);
      expect((await eve.client.get('/v1/notifications/devices')).data).toEqual([
        expect.objectContaining({ endpoint: subscription.endpoint }),
      ]);
      const body = { endpoint: subscription.endpoint };
      expect((await ada.client.delete('/v1/notifications/devices', { body })).status).toBe(404);
      expect((await eve.client.delete('/v1/notifications/devices', { body })).status).toBe(200);
      const noPoint = { ...subscription, keys: { ...subscription.keys, p256dh: 'A'.repeat(87) } };
      const refused = await ada.client.post('/v1/notifications/devices', noPoint);
      expect([refused.status, refused.error.details?.[0]?.field]).toEqual([400, 'keys.p256dh']);
    }));

  it('a person has at most twenty devices', () =>
    started({ PUSH_SERVICES: '127.0.0.1' }, async (app) => {
      const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/api-secrets.json');
      await writeFile(file, JSON.stringify({ vapid: webPush.generateVAPIDKeys() }));
      const { client } = await someone(app);
      const register = () =>
        client.post(
          '/v1/notifications/devices',
          new Browser(`http://127.0.0.1/${randomUUID()}`).subscription,
        );
      for (let many = 0; many < 20; many += 1) expect((await register()).status).toBe(201);
      const { status, error } = await register();
      expect([status, error.code]).toEqual([409, 'DEVICE_LIMIT']);
    }));
});

describe('Reminders, while DynamoDB fails', () => {
  let proxy: FaultProxy;
  let app: TestApp;
  let beyond: TestApp;
  beforeAll(async () => {
    at('2082-03-01T12:00:00Z');
    proxy = await FaultProxy.start(databaseEndpoint);
    const environment = { DYNAMODB_ENDPOINT: proxy.url, ...HASTY };
    app = await TestApp.start({ clock, environment });
    // Past every fault.
    beyond = await app.another({ DYNAMODB_ENDPOINT: databaseEndpoint, ...PATIENT }, clock);
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  const isWrite = (operation: string) => !/^(Get|BatchGet|Query)/.test(operation);
  const prepared = async (more: object = {}) => {
    const person = await someone(beyond, {
      tasks: [
        ['Late', '2082-03-01'],
        ['Due', '2082-03-02'],
      ],
      preferences: { channels: { questDue: { email: true }, questOverdue: { email: true } }, ...more },
    });
    at('2082-03-02T08:00:00Z');
    return person;
  };
  const outcomeFor = async (person: Person) => [
    (await inbox(beyond, person)).map(({ kind }) => kind).sort(),
    (await mailsTo(beyond, person)).length,
  ];
  const ONCE = [['questDue', 'questOverdue'], 2];
  /** After the claims of what has died have run out. */
  const afterwards = async () => {
    clock.forward({ seconds: 11 * 60 });
    await work(beyond, 'notify');
  };

  it.each(['reset-before', 'reset-after', 'hang-after', 'conflict', 'garbage'] as const)(
    'a %s at any single write: each is told once after the next run',
    async (fault) => {
      await prepared();
      proxy.heal();
      await work(app, 'notify');
      const writes = proxy.calls.filter(({ operation }) => isWrite(operation)).length;
      expect(writes).toBeGreaterThanOrEqual(5);
      for (let position = 0; position < writes; position += 1) {
        const person = await prepared();
        proxy.failOne(fault, position, isWrite);
        await work(app, 'notify').catch(() => undefined);
        proxy.heal();
        await afterwards();
        expect([position, ...(await outcomeFor(person))]).toEqual([position, ...ONCE]);
      }
    },
  );

  it.each([
    ['alone', {}, 2],
    ['in a digest', { digest: { enabled: true, hour: 8 } }, 1],
  ])(
    'dying right after any single write: each, %s, is told once after the next run',
    async (_, more, mails) => {
      for (let survived = 0; survived < 4; survived += 1) {
        const person = await prepared(more);
        let writes = 0;
        proxy.plan = ({ operation }) => {
          if (isWrite(operation)) writes += 1;
          if (writes <= survived) return undefined;
          return isWrite(operation) && writes === survived + 1 ? 'reset-after' : 'reset-before';
        };
        await work(app, 'notify').catch(() => undefined);
        proxy.heal();
        await afterwards();
        expect([survived, ...(await outcomeFor(person))]).toEqual([survived, ONCE[0], mails]);
      }
    },
  );
});
