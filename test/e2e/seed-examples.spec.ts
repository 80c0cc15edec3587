import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

/** The usage examples 10.2 to 10.6 of seed 000, as a client sends them: one after the other, on one task. */
describe('Seed 000’s examples', () => {
  let app: TestApp;
  let ada: Person;
  let taskId: string;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  it('10.2 creates a task', async () => {
    const { status, data } = await ada.client.post('/v1/quests', {
      title: 'Review project proposal',
      dueDate: '2025-06-25',
      type: 'task',
      description: 'Complete review by end of week',
      priority: 'high',
    });
    taskId = data.taskId;
    expect([status, data.status]).toEqual([201, 'pending']);
  });

  it('10.3 gets the tasks of a date, as an array', async () => {
    const { status, data } = await ada.client.get('/v1/quests?date=2025-06-25');
    expect([status, data.length, data[0].taskName]).toEqual([200, 1, 'Review project proposal']);
  });

  it('10.4 completes it', async () => {
    const { status, data } = await ada.client.put(`/v1/quests/${taskId}?type=task`, { status: 'completed' });
    expect([status, data.status]).toEqual([200, 'completed']);
  });

  it('10.5 links it to a goal and takes it up again', async () => {
    const goal = await ada.client.post('/v1/quests', {
      title: 'Ship it',
      dueDate: '2025-12-31',
      type: 'goal',
    });
    const link = { goalId: goal.data.goalId, status: 'in-progress' };
    const { status, data } = await ada.client.put(`/v1/quests/${taskId}?type=task`, link);
    expect([status, data.goalId, data.status]).toEqual([200, goal.data.goalId, 'in-progress']);
  });

  it('10.6 deletes it, and a second time there is nothing', async () => {
    expect((await ada.client.delete(`/v1/quests/${taskId}?type=task`)).status).toBe(200);
    expect((await ada.client.delete(`/v1/quests/${taskId}?type=task`)).status).toBe(404);
    expect((await ada.client.delete(`/v1/quests/${randomUUID()}?type=task`)).status).toBe(404);
  });
});
