import { DevicesRepository } from '../../src/modules/notifications/devices.repository.js';
import { NotificationsService } from '../../src/modules/notifications/notifications.service.js';
import { Browser } from './browser.js';
import type { Client } from './client.js';
import { objectsOf } from './objects.js';
import { pdf, receipt, upload } from './photos.js';
import { type Row, rowsOf } from './rows.js';
import { SocketApp } from './socket-app.js';
import { PASSWORD, type Person, type TestApp } from './test-app.js';

let calls = 0;
/** From an address of its own each time: failures slow down an address. */
const elsewhere = (client: Client) => {
  calls += 1;
  return client.from(`127.6.${Math.floor(calls / 250)}.${(calls % 250) + 1}`);
};

export const leave = ({ client }: Person, body: object = { password: PASSWORD }) =>
  elsewhere(client).delete('/v1/user', { body });

/** A notification and a device, which no route makes by itself here. */
async function told({ running }: TestApp, { userId }: Person): Promise<void> {
  if (!(running instanceof SocketApp)) return;
  const message = { kind: 'questDue', title: 'Due', body: null, link: null } as const;
  await running.app.get(NotificationsService, { strict: false }).raise(userId, [message]);
  const { subscription } = new Browser(`https://fcm.googleapis.com/fcm/send/${userId}`);
  await running.app.get(DevicesRepository, { strict: false }).register(userId, subscription);
}

/** Leaves something in every corner: quests, rules and notifications, quests and a batch under a key, conversations with what waits to be confirmed, memories, context, a guitar with its receipt, an upload, a theme, a username, sessions, codes, a second factor. */
export async function livedIn(app: TestApp): Promise<Person> {
  const person = await app.person();
  const { client } = person;
  const task = { type: 'task', title: 'Restring', dueDate: '2030-01-01' };
  const goal = { type: 'goal', title: 'Goal', dueDate: '2030-01-01' };
  const { id: goalId } = (await client.post('/v1/quests', goal)).data;
  await client.post(`/v1/quests/goals/${goalId}/milestones`, { title: 'Milestone' });
  const rule = { title: 'Rule', frequency: 'daily', startDate: '2090-01-01' };
  await client.post('/v1/quests/recurrence-rules', rule);
  await client.post('/v1/quests/calendar-token');
  const { id: guitarId } = (await client.post('/v1/guitars', { brand: 'Fender', model: 'Strat', year: 1964 }))
    .data;
  await receipt(person, { guitarId });
  await upload(client, pdf(), { type: 'application/pdf', purpose: 'receipt' });
  await client.put('/v1/context/assistant', { data: { tone: 'brief' } });
  await client.post('/v1/memories', { content: 'I play with .010 strings' });
  await client.post('/v1/chat/conversations', { title: 'Empty' });
  await client.post('/v1/chat/messages', { message: 'delete restring' });
  await client.put('/v1/notifications/preferences', { reminderHour: 7 });
  await told(app, person);
  for (const key of ['one', 'two', 'three'])
    await client.post('/v1/quests', task, { headers: { 'Idempotency-Key': key } });
  await client.post(
    '/v1/quests/batch',
    { operations: [{ op: 'update', type: 'goal', id: goalId, title: 'Goal' }] },
    { headers: { 'Idempotency-Key': 'batch' } },
  );
  await client.put('/v1/user/profile', {
    username: `user-${person.userId.slice(-8)}`,
    theme: 'Dev',
    preferences: { shell: 'fish' },
  });
  await app.signIn(person.email);
  await app.client.post('/v1/auth/forgot-password', { email: person.email });
  await client.post('/v1/auth/mfa/totp');
  await elsewhere(app.client).post('/v1/auth/login', { email: person.email, password: 'Wr0ng-horse' });
  return person;
}

/** The rows and objects that name somebody, by id or by address. */
export async function tracesOf(app: TestApp, { userId, email }: Person): Promise<(Row | string)[]> {
  const objects = (await objectsOf(app)).filter((key) => key.includes(userId));
  const rows = (await rowsOf(app)).filter((row) => {
    const text = JSON.stringify(row);
    return text.includes(userId) || text.includes(email);
  });
  return [...rows, ...objects];
}
