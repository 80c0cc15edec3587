import type { Client } from './client.js';
import { type Row, rowsOf } from './rows.js';
import { PASSWORD, type Person, type TestApp } from './test-app.js';

let calls = 0;
/** From an address of its own each time: failures slow down an address. */
const elsewhere = (client: Client) => {
  calls += 1;
  return client.from(`127.6.${Math.floor(calls / 250)}.${(calls % 250) + 1}`);
};

export const leave = ({ client }: Person, body: object = { password: PASSWORD }) =>
  elsewhere(client).delete('/v1/user', { body });

/** Leaves something in every corner: quests under a key, a theme, a username, sessions, codes, a second factor. */
export async function livedIn(app: TestApp): Promise<Person> {
  const person = await app.person();
  const { client } = person;
  const task = { type: 'task', title: 'Restring', dueDate: '2030-01-01' };
  await client.post('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2030-01-01' });
  for (const key of ['one', 'two', 'three'])
    await client.post('/v1/quests', task, { headers: { 'Idempotency-Key': key } });
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

/** The rows that name somebody, by id or by address. */
export const tracesOf = async (app: TestApp, { userId, email }: Person): Promise<Row[]> =>
  (await rowsOf(app)).filter((row) => {
    const text = JSON.stringify(row);
    return text.includes(userId) || text.includes(email);
  });
