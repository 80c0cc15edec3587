import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isolatedEnvironment } from '../support/environment.js';
import { RegionProxy } from '../support/region-proxy.js';
import { rowsOf } from '../support/rows.js';
import { type Person, TestApp } from '../support/test-app.js';

/** Transactions refuse each other where they overlap, and one in twenty is said to be in progress still. */
describe('Where transactions collide', () => {
  let app: TestApp;
  let region: RegionProxy;
  let ada: Person;
  beforeAll(async () => {
    const environment = await isolatedEnvironment();
    region = await RegionProxy.start(environment, { conflicts: true, lag: [10, 30] });
    app = await TestApp.start({
      environment: {
        DYNAMODB_ENDPOINT: region.url,
        DYNAMODB_TABLE_NAME: environment['DYNAMODB_TABLE_NAME'] ?? '',
      },
    });
    ada = await app.person();
  });
  afterAll(async () => {
    await app.stop();
    await region.stop();
  });

  const atOnce = <T>(times: number, work: (number: number) => Promise<T>) =>
    Promise.all(Array.from({ length: times }, (_, number) => work(number)));
  const GUITAR = { brand: 'Fender', model: 'Tele', year: 1964 };

  it('one Idempotency-Key has one effect', async () => {
    for (let round = 0; round < 5; round += 1) {
      const headers = { 'Idempotency-Key': `collide-${round}` };
      const model = `Once ${round}`;
      await atOnce(20, () => ada.client.post('/v1/guitars', { ...GUITAR, model }, { headers }));
      const made = (await rowsOf(app)).filter((row) => row['model'] === model);
      expect(made).toHaveLength(1);
    }
  });

  it('exactly one of those who have seen a version changes it', async () => {
    const made = await ada.client.post('/v1/guitars', GUITAR);
    const headers = { 'If-Match': made.headers['etag'] ?? '' };
    const answers = await atOnce(20, (number) =>
      ada.client.put(`/v1/guitars/${made.data.id}`, { color: `red ${number}` }, { headers }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![200, 412].includes(status))).toEqual([]);
  });

  it('all changes of different fields arrive', async () => {
    const { id } = (await ada.client.post('/v1/guitars', GUITAR)).data;
    const fields = ['color', 'finish'] as const;
    const answers = await atOnce(fields.length, (position) =>
      ada.client.put(`/v1/guitars/${id}`, { [fields[position] ?? 'color']: 'sunburst' }),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await region.caughtUp();
    expect((await ada.client.get(`/v1/guitars/${id}`)).data).toMatchObject({
      color: 'sunburst',
      finish: 'sunburst',
    });
  });

  it('a limit holds, and no request is refused that need not be', async () => {
    const person = await app.person();
    for (let count = 0; count < 40; count += 10)
      await atOnce(10, (number) => person.client.put(`/v1/context/c-${count + number}`, { data: {} }));
    const answers = await atOnce(20, (number) => person.client.put(`/v1/context/d-${number}`, { data: {} }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    for (const { status, error } of answers.filter((answer) => answer.status !== 200))
      expect([status, error.code]).toEqual([409, 'CONTEXT_LIMIT']);
  });

  it('a goal of ten tasks is removed with all its links', async () => {
    const goal = (await ada.client.post('/v1/quests', { type: 'goal', title: 'G', dueDate: '2030-01-01' }))
      .data;
    await atOnce(10, (number) =>
      ada.client.post('/v1/quests', {
        type: 'task',
        title: `T${number}`,
        dueDate: '2030-01-01',
        goalId: goal.id,
      }),
    );
    await region.caughtUp();
    expect((await ada.client.delete(`/v1/quests/${goal.id}?type=goal`)).status).toBe(200);
    expect((await rowsOf(app)).filter(({ goalId }) => goalId === goal.id)).toEqual([]);
  });
});
