import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { dateIn, daysAfter } from '../../src/platform/local-time.js';
import { type Environment, isolatedEnvironment, sharedDirectory } from '../support/environment.js';
import { version2Event } from '../support/gateway-events.js';
import { calling, ModelServer, saying } from '../support/model-server.js';
import { objectsOf } from '../support/objects.js';
import { type Outcome, PackagedFunction } from '../support/packaged-function.js';
import { bytesAt, photo, upload } from '../support/photos.js';
import { portfolioOf } from '../support/portfolio.js';
import { rowsOf, testDynamoDb } from '../support/rows.js';
import { TestApp } from '../support/test-app.js';

/** One event through a packaged function, in a process of its own. */
async function invoke(file: string, environment: Environment, event: object): Promise<Outcome> {
  const packaged = PackagedFunction.start(file, environment);
  try {
    return await packaged.invoke(event);
  } finally {
    await packaged.stop();
  }
}

const signUp = (triggerSource = 'PreSignUp_SignUp') => ({
  triggerSource,
  request: { userAttributes: { email: 'eve@example.com' } },
  response: {},
});

describe('The packaged functions', () => {
  it('preSignUp refuses strangers where registration is not open, and nobody where it is', async () => {
    const environment = await isolatedEnvironment();
    const ask = (mode: string, source?: string) =>
      invoke(
        'preSignUp/dist/triggers/pre-sign-up.js',
        { ...environment, REGISTRATION_MODE: mode },
        signUp(source),
      );
    for (const mode of ['invite', 'closed'])
      expect((await ask(mode)).error).toContain('takes no sign-ups but its own');
    expect((await ask('open')).result).toEqual(signUp());
    expect((await ask('invite', 'PreSignUp_AdminCreateUser')).error).toBeUndefined();
    // Users of another provider come into the pool, and are not admitted here before they accept an invitation.
    expect((await ask('invite', 'PreSignUp_ExternalProvider')).error).toBeUndefined();
  });

  it('sweeper runs on the table', async () => {
    const { error } = await invoke('sweeper/dist/workers/sweeper.js', await isolatedEnvironment(), {});
    expect(error).toBeUndefined();
  });

  it('images makes a thumbnail of a photo; nothing else could, since sharp is with it alone', () =>
    TestApp.with({}, async (app) => {
      const person = await app.person();
      const key = await upload(person.client, await photo('jpeg', { width: 900, height: 600 }));
      const { accessToken } = person;
      const event = version2Event({
        method: 'POST',
        path: '/v1/images/upload-complete',
        headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ imageKey: key }),
        from: '192.0.2.1',
      });
      const api = (await invoke('api/dist/lambda.js', app.environment, event)).result as {
        statusCode: number;
      };
      expect([404, 405]).toContain(api.statusCode);
      const images = (await invoke('images/dist/images-lambda.js', app.environment, event)).result as {
        statusCode: number;
        body: string;
      };
      expect(images.statusCode).toBe(200);
      const { thumbnailUrl } = JSON.parse(images.body).data;
      const { format, width, height } = await sharp(await bytesAt(thumbnailUrl)).metadata();
      expect([format, width, height]).toEqual(['webp', 400, 400]);
      const packaged = readdirSync(join(sharedDirectory, 'bundle'));
      const withSharp = packaged.filter((name) =>
        existsSync(join(sharedDirectory, 'bundle', name, 'node_modules')),
      );
      expect(withSharp).toEqual(['images']);
    }));

  it('no start pays for what few requests need: it lies beside the bundle of the API, which is at most 1.4 MB', () => {
    const dist = join(sharedDirectory, 'bundle/api/dist');
    expect(readdirSync(join(dist, 'late')).sort()).toEqual([
      'badge.js',
      'cognito.js',
      'common-passwords.js',
      'composer.js',
      'csv.js',
      'feeds.js',
      'mail-link-pages.js',
      'offline.js',
      'openai.js',
      'otp.js',
      's3.js',
      'ses.js',
      'slugs.js',
    ]);
    const bundle = readFileSync(join(dist, 'lambda.js'), 'utf8');
    expect(Buffer.byteLength(bundle)).toBeLessThanOrEqual(1_400_000);
    expect(/\("sharp"\)/.test(bundle)).toBe(false);
    const images = readFileSync(join(sharedDirectory, 'bundle/images/dist/images-lambda.js'), 'utf8');
    expect(/\("sharp"\)/.test(images)).toBe(true);
  });

  it('the API asks a model through the client that lies beside its bundle', async () => {
    const model = await ModelServer.start();
    model.answers(calling(['remember', { content: 'I play' }]), saying('I will.'));
    await TestApp.with({ environment: model.environment }, async (app) => {
      const { client } = await app.person();
      const { data } = await client.post('/v1/chat/messages', { message: 'Remember that I play' });
      expect(data.assistantMessage).toMatchObject({ content: 'I will.', model: 'first-2026' });
      expect((await client.get('/v1/memories')).data).toMatchObject([{ content: 'I play' }]);
    });
    await model.stop();
  });

  it('imageSweeper removes uploads that nobody completed', () =>
    TestApp.with({}, async (app) => {
      const { client } = await app.person();
      const key = await upload(client, await photo());
      expect(
        (await invoke('imageSweeper/dist/workers/image-sweeper.js', app.environment, {})).error,
      ).toBeUndefined();
      expect(await objectsOf(app)).toEqual([key]);
    }));

  it('recurrence makes the tasks of those whose day has begun', () =>
    TestApp.with({}, async (app) => {
      const { client } = await app.person();
      // From where it is still yesterday to where it is tomorrow already.
      await client.put('/v1/user/preferences', { timezone: 'Pacific/Pago_Pago' });
      const startDate = daysAfter(dateIn('Pacific/Pago_Pago', new Date()), 1);
      await client.post('/v1/quests/recurrence-rules', { title: 'Tune', frequency: 'yearly', startDate });
      expect((await client.get(`/v1/quests?date=${startDate}`)).data).toEqual([]);
      await client.put('/v1/user/preferences', { timezone: 'Pacific/Kiritimati' });
      for (let times = 0; times < 2; times += 1) {
        expect(
          (await invoke('recurrence/dist/workers/recurrence.js', app.environment, {})).error,
        ).toBeUndefined();
        expect((await client.get(`/v1/quests?date=${startDate}`)).data).toHaveLength(1);
      }
    }));

  it('notifications reminds, and sends', () =>
    TestApp.with({}, async (app) => {
      const person = await app.person();
      const { client } = person;
      const dueDate = new Date().toISOString().slice(0, 10);
      await client.post('/v1/quests', { type: 'task', title: 'Tune', dueDate });
      const channels = { questDue: { email: true } };
      await client.put('/v1/notifications/preferences', { channels, reminderHour: 0 });
      // As if their morning had come.
      const nextAt = new Date(Date.now() - 1000).toISOString();
      const key = { PK: `USER#${person.userId}`, SK: 'REMIND' };
      await testDynamoDb.send(
        new UpdateCommand({
          TableName: app.environment['DYNAMODB_TABLE_NAME'],
          Key: key,
          UpdateExpression: 'SET nextAt = :at, GSI2SK = :sk',
          ExpressionAttributeValues: { ':at': nextAt, ':sk': `${nextAt}#${person.userId}` },
        }),
      );
      for (let times = 0; times < 2; times += 1) {
        expect(
          (await invoke('notifications/dist/workers/notifications.js', app.environment, {})).error,
        ).toBeUndefined();
        expect((await client.get('/v1/notifications')).data).toHaveLength(1);
        expect((await app.mails()).filter((mail) => mail.includes('1 quest is due today'))).toHaveLength(1);
      }
    }));

  it('publishing publishes posts whose instant has come', () =>
    TestApp.with({}, async (app) => {
      const owner = await app.owner();
      const { id } = await portfolioOf(owner).draft();
      const path = `/v1/blog/posts/${id}`;
      await owner.client.post(`${path}/schedule`, { publishAt: '2090-01-01T00:00:00Z' });
      // As if it had come.
      const publishAt = new Date(Date.now() - 1000).toISOString();
      await testDynamoDb.send(
        new UpdateCommand({
          TableName: app.environment['DYNAMODB_TABLE_NAME'],
          Key: { PK: `BLOG#${id}`, SK: 'METADATA' },
          UpdateExpression: 'SET publishAt = :at, GSI2SK = :sk',
          ExpressionAttributeValues: { ':at': publishAt, ':sk': `${publishAt}#${id}` },
        }),
      );
      for (let times = 0; times < 2; times += 1) {
        const { error } = await invoke('publishing/dist/workers/publishing.js', app.environment, {});
        expect(error).toBeUndefined();
        expect((await app.client.get(path)).data).toMatchObject({ publishedAt: publishAt, version: 3 });
      }
    }));

  it('analytics adds up days that are over', () =>
    TestApp.with({}, async (app) => {
      const date = daysAfter(new Date().toISOString().slice(0, 10), -3);
      await testDynamoDb.send(
        new UpdateCommand({
          TableName: app.environment['DYNAMODB_TABLE_NAME'],
          Key: { PK: 'COUNT#0', SK: `${date}#SITE#VISITORS` },
          UpdateExpression: 'SET #count = :count',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':count': 7 },
        }),
      );
      for (let times = 0; times < 2; times += 1) {
        const { error } = await invoke('analytics/dist/workers/analytics.js', app.environment, {});
        expect(error).toBeUndefined();
        expect((await app.client.get('/v1/visitors/count')).data).toEqual({ count: 7, today: 0 });
      }
      const sums = (await rowsOf(app)).filter(({ EntityType }) => EntityType === 'SUM');
      expect(sums.map(({ PK, through, count }) => [PK, through, count]).sort()).toEqual([
        ['MONTHS#SITE#VISITORS', date, 7],
        ['TOTALS#SITE', date, 7],
      ]);
    }));

  it('rotateKeys rotates the secrets it knows, and no others', async () => {
    const event = { SecretId: 'other', ClientRequestToken: 'x', Step: 'createSecret' };
    const { error } = await invoke(
      'rotateKeys/dist/workers/rotate-keys.js',
      await isolatedEnvironment(),
      event,
    );
    expect(error).toContain('other is no secret that is rotated here');
  });
});
