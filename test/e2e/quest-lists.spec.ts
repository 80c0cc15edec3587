import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

interface Quest {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly status: string;
  readonly dueDate?: string;
  readonly targetDate?: string;
  readonly goalId: string | null;
}

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe('Lists of quests', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  let goalId: string;
  const quests: Quest[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = await Promise.all([app.person('Ada'), app.person('Eve')]);
    goalId = (await ada.client.post('/v1/quests', { type: 'goal', title: 'Main goal', dueDate: day(30) }))
      .data.id;
    const bodies: object[] = [];
    for (let count = 0; count < 24; count += 1) {
      const status = (['pending', 'in-progress', 'completed'] as const)[count % 3];
      const linked = count % 4 === 0 ? { goalId } : {};
      bodies.push({ type: 'task', title: `Task ${count}`, dueDate: day((count % 8) - 4), status, ...linked });
    }
    for (const [position, status] of ['active', 'completed', 'paused', 'active', 'paused'].entries()) {
      bodies.push({ type: 'goal', title: `Goal ${position}`, dueDate: day(50 - position * 10), status });
    }
    for (const body of bodies) {
      const { data } = await ada.client.post('/v1/quests', body);
      quests.push(data);
      await eve.client.post('/v1/quests', { ...body, goalId: undefined, title: 'Not hers' });
    }
    quests.push((await ada.client.get(`/v1/quests/${goalId}?type=goal`)).data);
  });
  afterAll(() => app.stop());

  const dateOf = (quest: Quest) => quest.dueDate ?? quest.targetDate ?? '';
  const byDate = (one: Quest, other: Quest) =>
    dateOf(one) < dateOf(other) || (dateOf(one) === dateOf(other) && one.id < other.id) ? -1 : 1;
  const expected = (wanted: (quest: Quest) => boolean) =>
    quests
      .filter(wanted)
      .sort(byDate)
      .map(({ title }) => title);
  const isTask = ({ type }: Quest) => type === 'task';
  const isOpen = (quest: Quest) => isTask(quest) && quest.status !== 'completed';

  const all = async (query: string, limit = 100) => {
    const titles: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 100; page += 1) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await ada.client.get(`/v1/quests?${query}&limit=${limit}${next}`);
      expect(body.meta.count).toBe(body.data.length);
      if (body.meta.nextCursor !== null) expect(body.data).toHaveLength(limit);
      titles.push(...body.data.map(({ title }: Quest) => title));
      cursor = body.meta.nextCursor;
    }
    return titles;
  };

  const cases: [string, () => string, (quest: Quest) => boolean][] = [
    ['one day', () => `date=${day(0)}`, (quest) => isTask(quest) && quest.dueDate === day(0)],
    ['all tasks', () => 'type=task', isTask],
    ['tasks from a day on', () => `from=${day(1)}`, (quest) => isTask(quest) && dateOf(quest) >= day(1)],
    ['tasks up to a day', () => `to=${day(-2)}`, (quest) => isTask(quest) && dateOf(quest) <= day(-2)],
    [
      'tasks between two days',
      () => `from=${day(-1)}&to=${day(1)}`,
      (quest) => isTask(quest) && dateOf(quest) >= day(-1) && dateOf(quest) <= day(1),
    ],
    ['pending tasks', () => 'status=pending', (quest) => quest.status === 'pending'],
    ['tasks in progress', () => 'status=in-progress', (quest) => quest.status === 'in-progress'],
    ['completed tasks', () => 'status=completed', (quest) => isTask(quest) && quest.status === 'completed'],
    [
      'completed tasks of some days',
      () => `status=completed&from=${day(-2)}&to=${day(2)}`,
      (quest) =>
        isTask(quest) && quest.status === 'completed' && dateOf(quest) >= day(-2) && dateOf(quest) <= day(2),
    ],
    [
      'pending tasks of one day',
      () => `status=pending&date=${day(-1)}`,
      (quest) => quest.status === 'pending' && quest.dueDate === day(-1),
    ],
    ['tasks of a goal', () => `goalId=${goalId}`, (quest) => isTask(quest) && quest.goalId === goalId],
    [
      'completed tasks of a goal',
      () => `goalId=${goalId}&status=completed`,
      (quest) => isTask(quest) && quest.goalId === goalId && quest.status === 'completed',
    ],
    [
      'tasks of a goal up to a day',
      () => `goalId=${goalId}&to=${day(0)}`,
      (quest) => isTask(quest) && quest.goalId === goalId && dateOf(quest) <= day(0),
    ],
    ['what is for today', () => 'view=today', (quest) => isTask(quest) && quest.dueDate === day(0)],
    ['what is overdue', () => 'view=overdue', (quest) => isOpen(quest) && dateOf(quest) < day(0)],
    ['what is to come', () => 'view=upcoming', (quest) => isOpen(quest) && dateOf(quest) > day(0)],
    [
      'what is overdue and begun',
      () => 'view=overdue&status=in-progress',
      (quest) => quest.status === 'in-progress' && dateOf(quest) < day(0),
    ],
    ['all goals', () => 'type=goal', (quest) => quest.type === 'goal'],
    ['active goals', () => 'status=active', (quest) => quest.status === 'active'],
    ['paused goals', () => 'type=goal&status=paused', (quest) => quest.status === 'paused'],
    [
      'goals until a day',
      () => `type=goal&to=${day(30)}`,
      (quest) => quest.type === 'goal' && dateOf(quest) <= day(30),
    ],
  ];

  it.each(cases)('%s: in order, whole in one page and in pages of 1, 2 and 3', async (_, query, wanted) => {
    const titles = expected(wanted);
    expect(titles.length).toBeGreaterThan(0);
    for (const limit of [100, 3, 2, 1]) expect(await all(query(), limit)).toEqual(titles);
  });

  it('without a limit a page holds twenty, and with a date the whole day', async () => {
    expect((await ada.client.get('/v1/quests?type=task')).data).toHaveLength(20);
    for (let count = 0; count < 25; count += 1) {
      await eve.client.post('/v1/quests', { type: 'task', title: 'Busy', dueDate: '2033-03-03' });
    }
    const { body } = await eve.client.get('/v1/quests?date=2033-03-03');
    expect([body.data.length, body.meta.nextCursor]).toEqual([25, null]);
  });

  it('a page is not disturbed by what is added before or behind it', async () => {
    const add = (title: string, dueDate: string) =>
      ada.client.post('/v1/quests', { type: 'task', title, dueDate });
    for (const title of ['a', 'b', 'c']) await add(title, '2034-01-02');
    const first = await ada.client.get('/v1/quests?from=2034-01-01&limit=2');
    await add('earlier', '2034-01-01');
    await add('later', '2034-01-03');
    const second = await ada.client.get(
      `/v1/quests?from=2034-01-01&limit=2&cursor=${first.body.meta.nextCursor}`,
    );
    expect(first.data.map(({ title }: Quest) => title)).toEqual(['a', 'b']);
    expect(second.data.map(({ title }: Quest) => title)).toEqual(['c', 'later']);
  });

  it('asking for nothing at all lists the open tasks, soonest first', async () => {
    const person = await app.person();
    const add = (title: string, dueDate: string, type = 'task') =>
      person.client.post('/v1/quests', { type, title, dueDate });
    await add('Later', '2040-01-02');
    await add('Soon', '2030-01-01');
    await add('Overdue', '2020-01-01');
    await add('Goal', '2030-01-01', 'goal');
    const done = (await add('Done', '2030-01-01')).data;
    await person.client.post(`/v1/quests/${done.id}/complete`);
    const titles = async (query = '') =>
      (await person.client.get(`/v1/quests${query}`)).data.map(({ title }: { title: string }) => title);
    expect(await titles()).toEqual(['Overdue', 'Soon', 'Later']);
    expect(await titles('?limit=2')).toEqual(['Overdue', 'Soon']);
  });

  it.each([
    ['a date and a range', 'date=2025-01-01&from=2025-01-01'],
    ['a view and a date', 'view=today&date=2025-01-01'],
    ['a range the wrong way round', 'from=2025-02-01&to=2025-01-01'],
    ['goals of a goal', 'type=goal&goalId=x'],
    ['goals of today', 'type=goal&view=today'],
    ['goals of one day', 'status=active&date=2025-01-01'],
    ['completed tasks among the open ones', 'view=overdue&status=completed'],
    ['a view of one goal', 'view=today&goalId=x'],
    ['a task’s status of goals', 'type=goal&status=pending'],
    ['a goal’s status of tasks', 'type=task&status=paused'],
    ['a bad date', 'date=2025-13-01'],
    ['two dates', 'date=2025-01-01&date=2025-01-02'],
    ['two goals', 'goalId=a&goalId=b'],
    ['a goal with a very long id', `goalId=${'x'.repeat(3000)}`],
    ['an unknown view', 'view=yesterday'],
  ])('asking for %s is a 400', async (_, query) => {
    const { status, error } = await ada.client.get(`/v1/quests?${query}`);
    expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
  });

  describe('a cursor', () => {
    const cursorOf = async (person: Person, query: string) =>
      (await person.client.get(`/v1/quests?${query}&limit=1`)).body.meta.nextCursor as string;
    const invalid = async (person: Person, query: string) => {
      const { status, error } = await person.client.get(`/v1/quests?${query}`);
      return `${status} ${error?.code}`;
    };

    it('of somebody else is refused', async () => {
      const cursor = await cursorOf(eve, 'type=task');
      expect(await invalid(ada, `type=task&cursor=${cursor}`)).toBe('400 CURSOR_INVALID');
    });

    it('of another list is refused', async () => {
      const cursor = await cursorOf(ada, 'type=task');
      expect(await invalid(ada, `type=goal&cursor=${cursor}`)).toBe('400 CURSOR_INVALID');
    });

    it('is refused when any of its characters is another', async () => {
      const cursor = await cursorOf(ada, 'type=task');
      for (let position = 0; position < cursor.length; position += 5) {
        const other = cursor[position] === 'A' ? 'B' : 'A';
        const forged = cursor.slice(0, position) + other + cursor.slice(position + 1);
        expect(await invalid(ada, `type=task&cursor=${forged}`)).toBe('400 CURSOR_INVALID');
      }
    });

    it.each(['x', '%00', 'eyJhIjoxfQ', 'A'.repeat(500)])('%s is refused', async (cursor) => {
      expect(await invalid(ada, `type=task&cursor=${cursor}`)).toMatch(
        /^400 (CURSOR_INVALID|QUEST_VALIDATION_ERROR)$/,
      );
    });

    it('goes on with another page size, and with the parameters in another order', async () => {
      const cursor = await cursorOf(ada, `from=${day(-4)}&type=task`);
      const { data } = await ada.client.get(`/v1/quests?type=task&limit=5&cursor=${cursor}&from=${day(-4)}`);
      expect(data).toHaveLength(5);
    });
  });
});
