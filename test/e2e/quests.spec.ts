import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

describe('Quests', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = await Promise.all([app.person('Ada'), app.person('Eve')]);
  });
  afterAll(() => app.stop());

  const task = (fields: object = {}) => ({
    type: 'task',
    title: 'Restring',
    dueDate: '2025-06-25',
    ...fields,
  });
  const goal = (fields: object = {}) => ({
    type: 'goal',
    title: 'Play live',
    dueDate: '2025-12-31',
    ...fields,
  });
  const create = async (person: Person, body: object) => (await person.client.post('/v1/quests', body)).data;
  const path = ({ id, type }: { id: string; type: string }) => `/v1/quests/${id}?type=${type}`;

  describe('creating', () => {
    it('a task begins pending, with the seed’s names beside the common ones', async () => {
      const { status, data, headers } = await ada.client.post('/v1/quests', task({ priority: 'high' }));
      expect(status).toBe(201);
      expect(data).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        taskId: data.id,
        userId: ada.userId,
        type: 'task',
        title: 'Restring',
        taskName: 'Restring',
        description: null,
        category: null,
        priority: 'high',
        status: 'pending',
        dueDate: '2025-06-25',
        goalId: null,
        recurrenceRuleId: null,
        completedAt: null,
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
        updatedAt: data.createdAt,
      });
      expect(headers['location']).toBe(`/v1/quests/${data.id}`);
      expect((await ada.client.get(headers['location'] ?? '')).data).toEqual(data);
    });

    it('a goal begins active', async () => {
      const data = await create(ada, goal({ description: 'On a stage', category: 'music' }));
      expect(data).toMatchObject({
        goalId: data.id,
        goalName: 'Play live',
        status: 'active',
        targetDate: '2025-12-31',
        category: 'music',
      });
    });

    it.each([
      ['taskName and dueDate', { type: 'task', taskName: 'Tune', dueDate: '2025-01-01' }, 'taskName'],
      ['goalName and targetDate', { type: 'goal', goalName: 'Tune', targetDate: '2025-01-01' }, 'goalName'],
      [
        'both, if they agree',
        { type: 'task', title: 'Tune', taskName: 'Tune', dueDate: '2025-01-01' },
        'title',
      ],
    ])('takes %s', async (_, body, name) => {
      expect((await create(ada, body))[name]).toBe('Tune');
    });

    it.each([
      ['title', { title: undefined }],
      ['taskName', { title: 'One', taskName: 'Another' }],
      ['title', { title: null }],
      ['title', { title: 'x'.repeat(201) }],
      ['dueDate', { dueDate: undefined }],
      ['dueDate', { dueDate: '2025-02-29' }],
      ['dueDate', { dueDate: '25.6.2025' }],
      ['targetDate', { targetDate: '2025-06-26' }],
      ['type', { type: undefined }],
      ['priority', { priority: 'urgent' }],
      ['status', { status: 'active' }],
      ['status', { status: 'done' }],
      ['description', { description: 'x'.repeat(20_001) }],
    ])('refuses a bad or missing %s: %j', async (field, fields) => {
      const { status, error } = await ada.client.post('/v1/quests', task(fields));
      expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
      expect(error.details?.map((detail) => detail.field)).toContain(field);
    });

    it('keeps the longest quest that is allowed', async () => {
      const longest = task({
        title: '𝄞'.repeat(100),
        description: 'x'.repeat(20_000),
        category: 'å'.repeat(100),
      });
      expect((await ada.client.post('/v1/quests', longest)).status).toBe(201);
    });

    it('links a task to a goal of one’s own', async () => {
      const { id: goalId } = await create(ada, goal());
      expect((await create(ada, task({ goalId }))).goalId).toBe(goalId);
    });

    it.each([
      ['that is not there', () => randomUUID()],
      ['that is no id', () => 'goal-uuid-here'],
    ])('links to no goal %s', async (_, goalId) => {
      const { status, error } = await ada.client.post('/v1/quests', task({ goalId: goalId() }));
      expect([status, error.code]).toEqual([404, 'GOAL_NOT_FOUND']);
    });

    it('links to no goal of somebody else', async () => {
      const { id: goalId } = await create(eve, goal());
      const { status, error } = await ada.client.post('/v1/quests', task({ goalId }));
      expect([status, error.code]).toEqual([404, 'GOAL_NOT_FOUND']);
    });

    it('a goal serves no goal', async () => {
      const { status, error } = await ada.client.post('/v1/quests', goal({ goalId: randomUUID() }));
      expect([status, error.details?.[0]?.field]).toEqual([400, 'goalId']);
    });
  });

  describe('reading one', () => {
    it('needs no type', async () => {
      const [one, other] = [await create(ada, task()), await create(ada, goal())];
      expect((await ada.client.get(`/v1/quests/${one.id}`)).data.type).toBe('task');
      expect((await ada.client.get(`/v1/quests/${other.id}`)).data.type).toBe('goal');
    });

    it.each([
      ['not there', () => randomUUID()],
      ['no id', () => 'abc'],
      ['no id either', () => "1' OR '1'='1"],
      ['percent-encoded', () => '%2e%2e'],
    ])('is a 404 when the id is %s', async (_, id) => {
      const { status, error } = await ada.client.get(`/v1/quests/${encodeURI(id())}`);
      expect([status, error.code]).toEqual([404, 'QUEST_NOT_FOUND']);
    });

    it('what is somebody else’s is answered as what is not there, whatever is tried', async () => {
      const hers = await create(eve, task());
      const missing = { id: randomUUID(), type: 'task' };
      for (const attempt of [
        (quest: typeof missing) => ada.client.get(path(quest)),
        (quest: typeof missing) => ada.client.put(path(quest), { title: 'Mine' }),
        (quest: typeof missing) => ada.client.put(path(quest), { status: 'completed' }),
        (quest: typeof missing) => ada.client.delete(path(quest)),
      ]) {
        const [foreign, absent] = [await attempt(hers), await attempt(missing)];
        const [{ requestId: _, ...one }, { requestId: __, ...other }] = [foreign.error, absent.error];
        expect(one).toEqual(other);
        expect(foreign.status).toBe(404);
      }
      expect((await eve.client.get(path(hers))).data.title).toBe('Restring');
    });

    it('a type that is none is a 400', async () => {
      const { status } = await ada.client.get(`/v1/quests/${randomUUID()}?type=chore`);
      expect(status).toBe(400);
    });

    it('a goal comes with its progress', async () => {
      const { id: goalId } = await create(ada, goal());
      expect((await ada.client.get(`/v1/quests/${goalId}`)).data.progress).toEqual({
        total: 0,
        completed: 0,
        percent: 0,
        overdue: 0,
      });
      await create(ada, task({ goalId, status: 'completed' }));
      await create(ada, task({ goalId }));
      await create(ada, task({ goalId, dueDate: '2999-01-01' }));
      expect((await ada.client.get(`/v1/quests/${goalId}?type=goal`)).data.progress).toEqual({
        total: 3,
        completed: 1,
        percent: 33,
        overdue: 1,
      });
    });
  });

  describe('changing', () => {
    it('only the given fields change', async () => {
      const made = await create(ada, task({ description: 'All six', priority: 'low', category: 'care' }));
      const { data } = await ada.client.put(path(made), { title: 'Restring the bass' });
      expect(data).toEqual({
        ...made,
        title: 'Restring the bass',
        taskName: 'Restring the bass',
        version: 2,
        updatedAt: data.updatedAt,
      });
    });

    it('null clears what is optional', async () => {
      const { id: goalId } = await create(ada, goal());
      const made = await create(ada, task({ description: 'x', priority: 'low', category: 'y', goalId }));
      const cleared = { description: null, priority: null, category: null, goalId: null };
      expect((await ada.client.put(path(made), cleared)).data).toMatchObject(cleared);
    });

    it.each([[{ title: null }], [{ dueDate: null }], [{ status: null }]])('%j says nothing', async (body) => {
      const made = await create(ada, task());
      const { status, data } = await ada.client.put(path(made), body);
      expect([status, data]).toEqual([200, made]);
    });

    it('needs no type: the id is enough', async () => {
      for (const made of [await create(ada, task()), await create(ada, goal())]) {
        const { status, data } = await ada.client.put(`/v1/quests/${made.id}`, { title: 'Renamed' });
        expect([status, data.type, data.title]).toEqual([200, made.type, 'Renamed']);
      }
    });

    it('of one of several names of a field needs no other to be named', async () => {
      for (const made of [await create(ada, task()), await create(ada, goal())]) {
        const { data } = await ada.client.put(path(made), { ...made, title: 'Renamed' });
        expect([data.title, data.taskName ?? data.goalName]).toEqual(['Renamed', 'Renamed']);
        const name = made.type === 'goal' ? 'goalName' : 'taskName';
        const again = await ada.client.put(path(made), { ...data, [name]: 'Once more' });
        expect(again.data.title).toBe('Once more');
        const two = await ada.client.put(path(made), { title: 'One', [name]: 'Another' });
        expect([two.status, two.error.details?.[0]?.field]).toEqual([400, name]);
      }
    });

    it('a task is no goal', async () => {
      const { id } = await create(ada, task());
      expect((await ada.client.put(`/v1/quests/${id}?type=goal`, { title: 'x' })).status).toBe(404);
    });

    it.each([
      ['task', 'active'],
      ['task', 'paused'],
      ['goal', 'pending'],
      ['goal', 'in-progress'],
    ])('a %s is never %s', async (type, status) => {
      const made = await create(ada, type === 'task' ? task() : goal());
      const answer = await ada.client.put(path(made), { status });
      expect([answer.status, answer.error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
    });

    it('completing notes when, and reopening forgets it', async () => {
      const made = await create(ada, task());
      const done = (await ada.client.put(path(made), { status: 'completed' })).data;
      expect(done.completedAt).toMatch(/Z$/);
      const later = (await ada.client.put(path(made), { status: 'completed', title: 'x' })).data;
      expect(later.completedAt).toBe(done.completedAt);
      expect((await ada.client.put(path(made), { status: 'pending' })).data.completedAt).toBeNull();
    });

    it('a task follows its date, its status and its goal through the lists', async () => {
      const [{ id: first }, { id: second }] = [await create(eve, goal()), await create(eve, goal())];
      const made = await create(eve, task({ goalId: first, dueDate: '2031-01-01' }));
      await eve.client.put(path(made), { dueDate: '2031-01-02', goalId: second, status: 'in-progress' });
      const ids = async (query: string) =>
        (await eve.client.get(`/v1/quests?${query}`)).data.map(({ id }: { id: string }) => id);
      expect(await ids('date=2031-01-01')).toEqual([]);
      expect(await ids('date=2031-01-02')).toEqual([made.id]);
      expect(await ids(`goalId=${first}`)).toEqual([]);
      expect(await ids(`goalId=${second}`)).toEqual([made.id]);
      expect(await ids('status=in-progress')).toEqual([made.id]);
      await eve.client.put(path(made), { status: 'completed' });
      expect(await ids('status=in-progress')).toEqual([]);
      expect(await ids('status=completed')).toEqual([made.id]);
      expect(await ids('view=upcoming')).toEqual([]);
    });

    it('changes at once that touch different fields are all there', async () => {
      const made = await create(ada, task());
      const changes = [
        { title: 'New title' },
        { status: 'in-progress' },
        { dueDate: '2030-01-01' },
        { priority: 'high' },
        { category: 'care' },
      ];
      const answers = await Promise.all(changes.map((change) => ada.client.put(path(made), change)));
      expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
      const { data } = await ada.client.get(path(made));
      expect(data).toMatchObject(Object.assign({ version: 1 + changes.length }, ...changes));
    });

    it('one of many who hold the same version gets through', async () => {
      const made = await ada.client.post('/v1/quests', task());
      const seen = { 'If-Match': made.headers['etag'] ?? '' };
      for (const body of [{ title: 'x' }, { status: 'completed' }]) {
        const current = {
          'If-Match': (await ada.client.get(path(made.data))).headers['etag'] ?? seen['If-Match'],
        };
        const answers = await Promise.all(
          [1, 2, 3, 4].map(() => ada.client.put(path(made.data), body, { headers: current })),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
      }
    });
  });

  describe('removing', () => {
    it('a task is gone from everywhere', async () => {
      const made = await create(ada, task({ dueDate: '2032-02-02' }));
      expect((await ada.client.delete(path(made))).data).toEqual({ id: made.id, deleted: true });
      expect((await ada.client.get(path(made))).status).toBe(404);
      expect((await ada.client.get('/v1/quests?date=2032-02-02')).data).toEqual([]);
      expect((await ada.client.delete(path(made))).error.code).toBe('QUEST_NOT_FOUND');
    });

    it('needs no type, and is refused with the wrong one', async () => {
      for (const made of [await create(ada, task()), await create(ada, goal())]) {
        const other = made.type === 'goal' ? 'task' : 'goal';
        expect((await ada.client.delete(`/v1/quests/${made.id}?type=${other}`)).status).toBe(404);
        expect((await ada.client.delete(`/v1/quests/${made.id}`)).status).toBe(200);
        expect((await ada.client.get(`/v1/quests/${made.id}`)).status).toBe(404);
        expect((await ada.client.delete(`/v1/quests/${made.id}`)).status).toBe(404);
      }
    });

    it('a goal leaves its tasks behind, without it', async () => {
      const made = await create(ada, goal());
      const tasks = [];
      for (let count = 0; count < 12; count += 1) tasks.push(await create(ada, task({ goalId: made.id })));
      expect((await ada.client.delete(path(made))).status).toBe(200);
      expect((await ada.client.get(path(made))).status).toBe(404);
      for (const each of tasks) expect((await ada.client.get(path(each))).data.goalId).toBeNull();
      expect((await ada.client.get(`/v1/quests?goalId=${made.id}`)).data).toEqual([]);
      expect((await ada.client.post('/v1/quests', task({ goalId: made.id }))).error.code).toBe(
        'GOAL_NOT_FOUND',
      );
    });
  });
});
