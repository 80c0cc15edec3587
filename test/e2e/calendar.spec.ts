import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { daysAfter } from '../../src/platform/local-time.js';
import type { Answer } from '../support/client.js';
import { inside } from '../support/inside.js';
import { type Person, TestApp } from '../support/test-app.js';

interface Event {
  readonly uid: string;
  readonly date: string;
  readonly end: string;
  readonly summary: string;
  readonly description: string | null;
  readonly sequence: number;
}

/** What Mozilla's reader makes of a stream. */
function readByIcalJs(text: string): Event[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as string);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      date: event.startDate.toString(),
      end: event.endDate.toString(),
      summary: event.summary,
      description: event.description ?? null,
      sequence: event.sequence,
    };
  });
}

/** What another one makes of it. */
function readByNodeIcal(text: string) {
  const events = Object.values(nodeIcal.sync.parseICS(text)).filter((each) => each?.type === 'VEVENT');
  return events.map((each) => {
    const { uid, summary, datetype } = each as { uid: string; summary: string; datetype: string };
    return { uid, summary, datetype };
  });
}

describe('The calendar', () => {
  let app: TestApp;
  let ada: Person;
  const today = new Date().toISOString().slice(0, 10);
  const day = (days: number) => daysAfter(today, days);
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const create = async (fields: object) =>
    (await ada.client.post('/v1/quests', { type: 'task', ...fields })).data;
  const subscribe = async ({ client }: Person) => {
    const { status, data } = await client.post('/v1/quests/calendar-token');
    expect(status).toBe(201);
    const { pathname, search } = new URL(data.url as string);
    return pathname + search;
  };
  const eventsAt = async (path: string) => readByIcalJs((await app.client.get(path)).text);
  const feed = (path: string, headers = {}): Promise<Answer> => app.client.get(path, { headers });

  it('is what two independent readers take for all-day events', async () => {
    const person = await app.person();
    const goal = { type: 'goal', title: 'Play live', dueDate: day(20), category: 'music' };
    const text = 'Strings, picks; and a \\ backslash\nfor the Telecaster – 𝄞 '.repeat(5).trim();
    const bodies = [
      { type: 'task', title: 'Restring; tune, play', dueDate: today, description: text, priority: 'high' },
      { type: 'task', title: 'Done', dueDate: day(-1), status: 'completed' },
      { type: 'task', title: 'Too old', dueDate: day(-31) },
      { type: 'task', title: 'Too far', dueDate: day(367) },
      goal,
    ];
    const quests = [];
    for (const body of bodies) quests.push((await person.client.post('/v1/quests', body)).data);
    const path = await subscribe(person);
    const answer = await feed(path);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
    const events = readByIcalJs(answer.text);
    expect(events.map(({ summary }) => summary)).toEqual(['✓ Done', 'Restring; tune, play', '🏁 Play live']);
    expect(events[1]).toEqual({
      uid: quests[0].id,
      date: today,
      end: day(1),
      summary: 'Restring; tune, play',
      description: text,
      sequence: 0,
    });
    expect(readByNodeIcal(answer.text)).toEqual(
      events.map(({ uid, summary }) => ({ uid, summary, datetype: 'date' })),
    );
    for (const line of answer.text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(answer.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('counts changes, and keeps the name of each event', async () => {
    const path = await subscribe(ada);
    const { id } = await create({ title: 'Tune', dueDate: day(2) });
    const event = async () => (await eventsAt(path)).find(({ uid }) => uid === id);
    expect(await event()).toMatchObject({ date: day(2), sequence: 0 });
    await ada.client.put(`/v1/quests/${id}?type=task`, { dueDate: day(3) });
    expect(await event()).toMatchObject({ date: day(3), sequence: 1 });
    await ada.client.post(`/v1/quests/${id}/complete`);
    expect(await event()).toMatchObject({ summary: '✓ Tune', sequence: 2 });
    await ada.client.delete(`/v1/quests/${id}?type=task`);
    expect(await event()).toBeUndefined();
  });

  it('is the same byte for byte while nothing changes: a 304 for whoever has it', async () => {
    const path = await subscribe(ada);
    const first = await feed(path);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const etag = first.headers['etag'] ?? '';
    const second = await feed(path, { 'If-None-Match': etag });
    expect([second.status, second.text]).toEqual([304, '']);
    await create({ title: 'Another', dueDate: day(1) });
    expect((await feed(path, { 'If-None-Match': etag })).status).toBe(200);
  });

  it('shows what rules will make, under the names that the tasks will have', async () => {
    const person = await app.person();
    const rule = { title: 'Scales', frequency: 'weekly', startDate: today };
    const { id } = (await person.client.post('/v1/quests/recurrence-rules', rule)).data;
    await person.client.post(`/v1/quests/recurrence-rules/${id}/skip`, { date: day(14) });
    const path = await subscribe(person);
    const before = await eventsAt(path);
    expect(before.map(({ date }) => date).slice(0, 4)).toEqual([today, day(7), day(21), day(28)]);
    expect(before).toHaveLength(13);
    const [task] = (await person.client.get(`/v1/quests?date=${today}`)).data;
    const { next } = (await person.client.post(`/v1/quests/${task.id}/complete`)).data;
    const after = await eventsAt(path);
    expect(after.map(({ uid }) => uid).sort()).toEqual(before.map(({ uid }) => uid).sort());
    expect(after.map(({ uid }) => uid)).toContain(next.id);
  });

  it('is for whoever has the address, until it is replaced or revoked', async () => {
    const first = await subscribe(ada);
    expect((await feed(first)).status).toBe(200);
    const second = await subscribe(ada);
    const gone = await feed(first);
    expect([gone.status, gone.error.code]).toEqual([404, 'CALENDAR_NOT_FOUND']);
    expect((await feed(second)).status).toBe(200);
    expect((await ada.client.delete('/v1/quests/calendar-token')).data).toEqual({ revoked: true });
    expect((await feed(second)).status).toBe(404);
    expect((await ada.client.delete('/v1/quests/calendar-token')).data).toEqual({ revoked: false });
  });

  it('asked for twice at once has one address in the end', async () => {
    const person = await app.person();
    const paths = await Promise.all([1, 2, 3, 4].map(() => subscribe(person)));
    const statuses = await Promise.all(paths.map(async (path) => (await feed(path)).status));
    expect(statuses.sort()).toEqual([200, 404, 404, 404]);
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(101)])('opens to no token like "%s"', async (token) => {
    const { status } = await feed(`/v1/quests/calendar.ics?token=${token}`);
    expect(status).toBe(token === '' || token.length > 100 ? 400 : 404);
  });

  inside('is not kept in clear', async () => {
    const path = await subscribe(ada);
    const token = path.split('token=')[1] ?? '';
    const line = app.logOf((await feed(path)).headers['x-request-id']);
    expect(JSON.stringify(line)).not.toContain(token);
  });
});
