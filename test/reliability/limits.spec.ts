import { createECDH, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchWriteCommand, DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import webPush from 'web-push';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GUITARS_PER_USER } from '../../src/modules/guitars/guitar.js';
import { MEMORIES_PER_USER } from '../../src/modules/memories/memory.js';
import { TYPES_PER_USER } from '../../src/modules/context/context-entry.js';
import { DEVICES_PER_USER } from '../../src/modules/notifications/devices.repository.js';
import { MILESTONES_PER_GOAL } from '../../src/modules/quests/goals/milestone.js';
import { TASKS_PER_GOAL } from '../../src/modules/quests/quest.js';
import { EXCEPTIONS_PER_RULE, RULES_PER_USER } from '../../src/modules/quests/recurrence/rule.js';
import type { Answer } from '../support/client.js';
import { type Row, rowsOf, testDynamoDb } from '../support/rows.js';
import { type Person, TestApp } from '../support/test-app.js';

/** Below the limit, and asked for at once. */
const ROOM = 5;
const AT_ONCE = 30;

interface Limited {
  readonly most: number;
  readonly code: string;
  /** Something that the items belong to. */
  readonly within?: (person: Person) => Promise<string>;
  readonly create: (person: Person, number: number, within: string) => Promise<Answer>;
  /** Of the rows that are counted; without it a row that counts is set instead. */
  readonly prefix?: string;
  /** The row that counts. */
  readonly count: (within: string) => string;
}

const publicKey = (): string => {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return ecdh.getPublicKey('base64url');
};
const dayAfter = (days: number) => new Date(Date.UTC(2030, 0, 1 + days)).toISOString().slice(0, 10);
const RULE = { title: 'Scales', frequency: 'daily', startDate: '2030-01-01' };
const goal = async ({ client }: Person) =>
  (await client.post('/v1/quests', { type: 'goal', title: 'Play', dueDate: '2030-06-25' })).data.id as string;

const LIMITS: Readonly<Record<string, Limited>> = {
  contexts: {
    most: TYPES_PER_USER,
    code: 'CONTEXT_LIMIT',
    create: ({ client }, number) => client.put(`/v1/context/type-${number}`, { data: {} }),
    prefix: 'CONTEXT#',
    count: () => 'COUNT#CONTEXT',
  },
  'recurrence rules': {
    most: RULES_PER_USER,
    code: 'RULE_LIMIT',
    create: ({ client }) => client.post('/v1/quests/recurrence-rules', RULE),
    prefix: 'RRULE#',
    count: () => 'COUNT#RULE',
  },
  milestones: {
    most: MILESTONES_PER_GOAL,
    code: 'MILESTONE_LIMIT',
    within: goal,
    create: ({ client }, number, id) =>
      client.post(`/v1/quests/goals/${id}/milestones`, { title: `Song ${number}` }),
    prefix: 'MILESTONE#',
    count: (id) => `COUNT#MILESTONE#${id}`,
  },
  'tasks of a goal': {
    most: TASKS_PER_GOAL,
    code: 'GOAL_TASK_LIMIT',
    within: goal,
    create: ({ client }, number, goalId) =>
      client.post('/v1/quests', { type: 'task', title: `Song ${number}`, dueDate: '2030-06-25', goalId }),
    prefix: 'TASK#',
    count: (id) => `COUNT#TASK#${id}`,
  },
  devices: {
    most: DEVICES_PER_USER,
    code: 'DEVICE_LIMIT',
    create: ({ client }, number) =>
      client.post('/v1/notifications/devices', {
        endpoint: `https://fcm.googleapis.com/fcm/send/${number}`,
        keys: { p256dh: publicKey(), auth: 'AAAAAAAAAAAAAAAAAAAAAA' },
      }),
    prefix: 'DEVICE#',
    count: () => 'COUNT#DEVICE',
  },
  memories: {
    most: MEMORIES_PER_USER,
    code: 'MEMORY_LIMIT',
    create: ({ client }, number) => client.post('/v1/memories', { content: `Memory ${number}` }),
    count: () => 'MEMORIES',
  },
  guitars: {
    most: GUITARS_PER_USER,
    code: 'GUITAR_LIMIT',
    create: ({ client }, number) =>
      client.post('/v1/guitars', { brand: 'Fender', model: `Tele ${number}`, year: 1964 }),
    count: () => 'GUITARS',
  },
};

describe('A limit', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets', 'api-secrets.json');
    await writeFile(file, JSON.stringify({ vapid: webPush.generateVAPIDKeys() }));
  });
  afterAll(() => app.stop());

  const tableName = () => app.environment['DYNAMODB_TABLE_NAME'] ?? '';
  const ownRows = async ({ userId }: Person): Promise<Row[]> =>
    (await rowsOf(app)).filter(({ PK }) => PK === `USER#${userId}`);

  /** Copies of a row, under ids and places in lists of their own. */
  async function copy(row: Row, times: number): Promise<void> {
    const id = row.SK.split('#').at(-1) ?? '';
    const copies = Array.from({ length: times }, () => {
      const other = randomUUID();
      const renamed = Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'string' && /^SK$|^GSI\dSK$/.test(name) ? value.replace(id, other) : value,
      ]);
      return { PutRequest: { Item: Object.fromEntries(renamed) as Row } };
    });
    for (let first = 0; first < copies.length; first += 25)
      await testDynamoDb.send(
        new BatchWriteCommand({ RequestItems: { [tableName()]: copies.slice(first, first + 25) } }),
      );
  }

  it.each(Object.entries(LIMITS))(
    'of %s holds, however many are made at once',
    async (_, { most, code, within, create, prefix, count }) => {
      const person = await app.person();
      const owner = within ? await within(person) : '';
      const first = await create(person, 0, owner);
      if (first.status >= 300) throw new Error(first.text);
      const countRow = { PK: `USER#${person.userId}`, SK: count(owner) };
      if (prefix === undefined) {
        await testDynamoDb.send(
          new UpdateCommand({
            TableName: tableName(),
            Key: countRow,
            UpdateExpression: 'SET #count = :count',
            ConditionExpression: 'attribute_exists(PK)',
            ExpressionAttributeNames: { '#count': 'count' },
            ExpressionAttributeValues: { ':count': most - ROOM },
          }),
        );
      } else {
        const row = (await ownRows(person)).find(
          ({ SK }) => SK.startsWith(prefix) && !SK.endsWith('preferences'),
        );
        if (!row) throw new Error(`There is no row ${prefix}`);
        await copy(row, most - ROOM - 1);
        // As in data of an older version, which has no row that counts.
        await testDynamoDb.send(new DeleteCommand({ TableName: tableName(), Key: countRow }));
      }
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (__, number) => create(person, number + 1, owner)),
      );
      const refused = answers.filter(({ status }) => status >= 300);
      expect(answers.length - refused.length).toBe(ROOM);
      for (const { error } of refused) expect(error.code).toBe(code);
      if (prefix === undefined) return;
      const rows = (await ownRows(person)).filter(
        ({ SK }) => SK.startsWith(prefix) && !SK.endsWith('preferences'),
      );
      expect(rows).toHaveLength(most);
    },
  );

  it('of the dates that a rule leaves out holds, however many are left out at once', async () => {
    const person = await app.person();
    const { id } = (await person.client.post('/v1/quests/recurrence-rules', RULE)).data;
    const exceptions = Array.from({ length: EXCEPTIONS_PER_RULE - ROOM }, (_, day) => dayAfter(day + 100));
    await person.client.put(`/v1/quests/recurrence-rules/${id}`, { exceptions });
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, day) =>
        person.client.post(`/v1/quests/recurrence-rules/${id}/skip`, { date: dayAfter(day + 10) }),
      ),
    );
    const { data } = await person.client.get(`/v1/quests/recurrence-rules/${id}`);
    expect(data.exceptions).toHaveLength(EXCEPTIONS_PER_RULE);
    const done = answers.filter(({ status }) => status === 200).length;
    expect(done).toBe(ROOM);
  });

  it('lets one more be made once another was removed', async () => {
    const person = await app.person();
    for (let number = 0; number < TYPES_PER_USER; number += 1)
      await person.client.put(`/v1/context/type-${number}`, { data: {} });
    expect((await person.client.put('/v1/context/more', { data: {} })).error.code).toBe('CONTEXT_LIMIT');
    await person.client.delete('/v1/context/type-7');
    expect((await person.client.put('/v1/context/more', { data: {} })).status).toBe(200);
    expect((await person.client.put('/v1/context/too-many', { data: {} })).error.code).toBe('CONTEXT_LIMIT');
  });
});
