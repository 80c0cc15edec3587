import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchWriteCommand, DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isolatedEnvironment } from '../support/environment.js';
import { rowsOf, testDynamoDb } from '../support/rows.js';
import { SocketApp } from '../support/socket-app.js';
import { Client } from '../support/client.js';
import { type Person, TestApp } from '../support/test-app.js';

describe('Rows as no request leaves them', () => {
  let app: TestApp;
  let ada: Person;
  let TableName: string;
  const task = { type: 'task', title: 'Task', dueDate: '2025-06-25' };
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
    TableName = app.environment['DYNAMODB_TABLE_NAME'] ?? '';
  });
  afterAll(() => app.stop());

  it('a fault of ours is a 500 that tells nothing, logged once with its stack at level ERROR', async () => {
    const { data } = await ada.client.post('/v1/quests', task);
    const Key = { PK: `USER#${ada.userId}`, SK: `TASK#${data.id}` };
    await testDynamoDb.send(new UpdateCommand({ TableName, Key, UpdateExpression: 'REMOVE WriteTokens' }));
    const { status, error } = await ada.client.put(`/v1/quests/${data.id}?type=task`, { title: 'x' });
    expect([status, error.code, error.message]).toEqual([
      500,
      'INTERNAL_ERROR',
      'Something went wrong on our side.',
    ]);
    const lines = app.running.logs.filter((line) => line['level'] === 'ERROR');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      requestId: error.requestId,
      stack: expect.stringContaining('\n    at '),
    });
  });

  it('a goal takes no more than 1,000 tasks', async () => {
    const goal = (await ada.client.post('/v1/quests', { ...task, type: 'goal' })).data;
    await ada.client.post('/v1/quests', { ...task, goalId: goal.id });
    const row = (await rowsOf(app)).find(({ goalId }) => goalId === goal.id);
    for (let first = 1; first < 1000; first += 25) {
      const puts = Array.from({ length: Math.min(25, 1000 - first) }, (_, position) => ({
        PutRequest: {
          Item: {
            ...row,
            SK: `TASK#copy-${first + position}`,
            GSI2SK: `pending#2025-06-25#${first + position}`,
          },
        },
      }));
      await testDynamoDb.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } }));
    }
    // What was put past the API is not counted; without its row it is counted anew.
    const Key = { PK: `USER#${ada.userId}`, SK: `COUNT#TASK#${goal.id}` };
    await testDynamoDb.send(new DeleteCommand({ TableName, Key }));
    const { data } = await ada.client.get(`/v1/quests/${goal.id}?type=goal`);
    expect(data.progress.total).toBe(1000);
    const refused = await ada.client.post('/v1/quests', { ...task, goalId: goal.id });
    expect([refused.status, refused.error.code]).toEqual([409, 'GOAL_TASK_LIMIT']);
    const loose = (await ada.client.post('/v1/quests', task)).data;
    const moved = await ada.client.put(`/v1/quests/${loose.id}?type=task`, { goalId: goal.id });
    expect([moved.status, moved.error.code]).toEqual([409, 'GOAL_TASK_LIMIT']);
  });

  it('a user whose profile is gone is nobody to the profile, and soon to the guard', async () => {
    const person = await app.person();
    await person.client.get('/v1/user/profile');
    await testDynamoDb.send(
      new DeleteCommand({ TableName, Key: { PK: `USER#${person.userId}`, SK: 'PROFILE' } }),
    );
    const { status, error } = await person.client.get('/v1/user/profile');
    expect([status, error.code]).toEqual([404, 'USER_NOT_FOUND']);
    expect((await person.client.put('/v1/user/name', { name: 'Ada' })).error.code).toBe('USER_NOT_FOUND');
    expect((await person.client.get('/v1/auth/me')).status).toBe(401);
    const refreshed = await app.client.post('/v1/auth/refresh', { refreshToken: person.refreshToken });
    expect(refreshed.error.code).toBe('AUTH_REFRESH_INVALID');
  });

  it('what everybody changes at once is a 409 that says to try again, or goes through', async () => {
    const { data } = await ada.client.post('/v1/quests', task);
    const path = `/v1/quests/${data.id}?type=task`;
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, position) =>
        // Each another day: what is there already would be no change.
        ada.client.put(path, { dueDate: `20${30 + position}-01-01` }),
      ),
    );
    const through = answers.filter(({ status }) => status === 200).length;
    for (const { status, error, headers } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, error.code]).toEqual([409, 'WRITE_CONFLICT']);
      expect(headers['retry-after']).toBeDefined();
    }
    expect((await ada.client.get(path)).data.version).toBe(1 + through);
  });
});

describe('Without its keys', () => {
  it('the API answers 503 to a token, and goes on with what needs none', async () => {
    const environment = await isolatedEnvironment();
    const good = await SocketApp.start(environment);
    const account = { email: 'ada@example.com', password: 'Corr3ct-horse', name: 'Ada' };
    await new Client(good).post('/v1/auth/register', account);
    const { data } = await new Client(good).post('/v1/auth/login', {
      email: account.email,
      password: account.password,
    });
    await good.stop();
    await writeFile(join(environment['HEARTH_DATA_DIR'] ?? '', 'secrets', 'signing-keys.json'), 'not json');
    const broken = await SocketApp.start(environment);
    const client = new Client(broken);
    const refused = await client.get('/v1/auth/me', { token: data.accessToken });
    const keySet = await client.get('/.well-known/jwks.json');
    const health = await client.get('/health');
    await broken.stop();
    expect([refused.status, refused.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect([keySet.status, health.status]).toEqual([503, 200]);
  });
});
