import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountDataRegistry } from '../../src/platform/account-data/account-data.js';
import { rowsOf } from '../support/rows.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';

describe('What a module keeps of a user', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  let registry: AccountDataRegistry;
  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = await Promise.all([app.person('Ada'), app.person('Eve')]);
    registry = (app.running as SocketApp).app.get(AccountDataRegistry);
    for (const { client } of [ada, eve]) {
      const goal = (await client.post('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2025-01-01' }))
        .data;
      for (const goalId of [goal.id, null, null]) {
        await client.post('/v1/quests', { type: 'task', title: 'Task', dueDate: '2025-01-01', goalId });
      }
    }
  });
  afterAll(() => app.stop());

  const owners = async () => new Map((await registry.list()).map((data) => [data.entity, data]));
  const quests = async ({ userId }: Person) =>
    (await rowsOf(app)).filter(({ PK, EntityType }) => PK.includes(userId) && /TASK|GOAL/.test(EntityType))
      .length;

  it('is exported in pages, as the user sees it', async () => {
    const tasks = (await owners()).get('tasks');
    const first = await tasks?.export?.(ada.userId, { limit: 2 });
    const second = await tasks?.export?.(ada.userId, { limit: 2, after: first?.next ?? undefined });
    expect([first?.items.length, second?.items.length, second?.next]).toEqual([2, 1, null]);
    expect(first?.items[0]).toMatchObject({ type: 'task', taskName: 'Task', userId: ada.userId });
  });

  it('is erased with a count, once, and nobody else’s with it', async () => {
    for (const [entity, count] of [
      ['tasks', 3],
      ['goals', 1],
    ] as const) {
      expect(await (await owners()).get(entity)?.erase(ada)).toBe(count);
      expect(await (await owners()).get(entity)?.erase(ada)).toBe(0);
    }
    expect([await quests(ada), await quests(eve)]).toEqual([0, 4]);
  });
});
