import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseEndpoint } from '../support/environment.js';
import { type Fault, FaultProxy } from '../support/fault-proxy.js';
import { image } from '../support/photos.js';
import { rowsOf, testDynamoDb } from '../support/rows.js';
import { type Person, TestApp } from '../support/test-app.js';

const GUITAR = { brand: 'Fender', model: 'Stratocaster', year: 1964 };
/** The SDK tries three times. */
const TRIES = 3;

describe('The count of a collection', () => {
  let app: TestApp;
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await FaultProxy.start(databaseEndpoint);
    app = await TestApp.start({
      environment: { DYNAMODB_ENDPOINT: proxy.url },
    });
  });
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  const create = ({ client }: Person, fields: object = {}) =>
    client.post('/v1/guitars', { ...GUITAR, ...fields });
  /** What is counted, and what is there. */
  const counted = async ({ userId }: Person) => {
    const rows = (await rowsOf(app)).filter(({ PK }) => PK === `USER#${userId}`);
    const count = rows.find(({ SK }) => SK === 'GUITARS')?.['count'] ?? 0;
    return [count, rows.filter(({ SK }) => SK.startsWith('GUITAR#')).length];
  };
  const setCount = ({ userId }: Person, count: number) =>
    testDynamoDb.send(
      new UpdateCommand({
        TableName: app.environment['DYNAMODB_TABLE_NAME'],
        Key: { PK: `USER#${userId}`, SK: 'GUITARS' },
        UpdateExpression: 'SET #count = :count',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':count': count },
      }),
    );

  it('ends at 5,000, however many are added at the same time', async () => {
    const person = await app.person();
    const { data } = await create(person);
    await setCount(person, 4997);
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(person)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(({ status, error }) => `${status} ${error.code}`))).toEqual(
      new Set(['409 GUITAR_LIMIT']),
    );
    await person.client.delete(`/v1/guitars/${data.id}`);
    expect((await create(person)).status).toBe(201);
    expect((await create(person)).error.code).toBe('GUITAR_LIMIT');
  });

  it('is exact after guitars were added and removed at the same time', async () => {
    const person = await app.person();
    const made = await Promise.all(Array.from({ length: 10 }, () => create(person)));
    await Promise.all([
      ...made
        .slice(0, 6)
        .flatMap(({ data }) => [1, 2].map(() => person.client.delete(`/v1/guitars/${data.id}`))),
      ...Array.from({ length: 5 }, () => create(person)),
    ]);
    expect(await counted(person)).toEqual([9, 9]);
  });

  it.each<Fault>(['reset-before', 'reset-after', 'conflict', 'internal-error', 'cut-answer'])(
    'is exact when a write meets %s: a guitar is there whole, or not at all',
    async (fault) => {
      const person = await app.person();
      for (const [call, key] of ['a', 'b', 'c'].entries()) {
        proxy.heal();
        let left = TRIES * (call + 1);
        proxy.plan = ({ operation }) => {
          if (operation !== 'TransactWriteItems' || left <= 0) return undefined;
          left -= 1;
          return fault;
        };
        const answer = await person.client.post('/v1/guitars', GUITAR, {
          headers: { 'Idempotency-Key': key },
        });
        proxy.heal();
        expect([201, 503]).toContain(answer.status);
        const again = await person.client.post('/v1/guitars', GUITAR, {
          headers: { 'Idempotency-Key': key },
        });
        expect(again.status).toBe(201);
        expect(await counted(person)).toEqual([call + 1, call + 1]);
      }
    },
  );

  it('a guitar that goes takes its photos along in one step, or stays with them', async () => {
    for (const fault of ['reset-before', 'reset-after', 'conflict'] as const) {
      const person = await app.person();
      const { data } = await create(person);
      const { imageId } = await image(person, undefined, { guitarId: data.id });
      proxy.fail(fault, { operation: 'TransactWriteItems' });
      const { status } = await person.client.delete(`/v1/guitars/${data.id}`);
      proxy.heal();
      const there = (await person.client.get(`/v1/guitars/${data.id}`)).status === 200;
      expect([fault, status]).toEqual([fault, 503]);
      expect((await person.client.get(`/v1/images/${imageId}`)).status === 200).toBe(there);
      expect(await counted(person)).toEqual(there ? [1, 1] : [0, 0]);
    }
  });
});

describe('An import that dies', () => {
  it('after any of its transactions is finished by sending the file again', async () => {
    const proxy = await FaultProxy.start(databaseEndpoint);
    const environment = { DYNAMODB_ENDPOINT: proxy.url };
    await TestApp.with({ environment }, async (app) => {
      const guitars = Array.from({ length: 120 }, (_, number) => ({ ...GUITAR, model: `Model ${number}` }));
      for (let survived = 0; survived < 3; survived += 1) {
        for (const fault of ['reset-before', 'reset-after'] as const) {
          const { client } = await app.person();
          let transactions = 0;
          proxy.heal();
          proxy.plan = ({ operation }) => {
            if (operation !== 'TransactWriteItems') return undefined;
            transactions += 1;
            return transactions > survived ? fault : undefined;
          };
          expect((await client.post('/v1/guitars/import', { guitars })).status).toBe(503);
          proxy.heal();
          const there = (await client.get('/v1/guitars/stats')).data.count;
          const { data } = await client.post('/v1/guitars/import', { guitars });
          expect([data.created, data.unchanged, data.failed]).toEqual([120 - there, there, []]);
          expect((await client.get('/v1/guitars/stats')).data.count).toBe(120);
        }
      }
    });
    await proxy.stop();
  });
});
