import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { daysAfter } from '../../src/platform/local-time.js';
import { type Person, TestApp } from '../support/test-app.js';

const MESSAGES = '/v1/chat/messages';
const CONVERSATIONS = '/v1/chat/conversations';
const UNKNOWN = '01941f29-7c00-7000-8000-000000000000';

const today = () => new Date().toISOString().slice(0, 10);

describe('The assistant', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  beforeAll(async () => {
    app = await TestApp.start({ environment: { CHAT_MESSAGES_PER_DAY: '150' } });
    [ada, eve] = [await app.person('Ada'), await app.person('Eve')];
  });
  afterAll(() => app.stop());

  const say = (message: string, { client }: Pick<Person, 'client'> = ada, more: object = {}) =>
    client.post(MESSAGES, { message, ...more });
  const answerTo = async (message: string, person: Pick<Person, 'client'> = ada) => {
    const { status, data, text } = await say(message, person);
    if (status !== 201) throw new Error(text);
    return data.assistantMessage.content as string;
  };
  const conversation = async ({ client }: Pick<Person, 'client'> = ada, body: object = {}) =>
    (await client.post(CONVERSATIONS, body)).data;
  const messagesOf = async (id: string, query = '', { client }: Pick<Person, 'client'> = ada) =>
    (await client.get(`${CONVERSATIONS}/${id}/messages?${query}`)).data as {
      messageId: string;
      content: string;
      role: string;
    }[];
  const saidIn = async (id: string, query = '') =>
    (await messagesOf(id, query)).map(({ content }) => content);

  describe('without a model', () => {
    it('adds a task for a date, lists what is due this week, and asks before it deletes', async () => {
      const { status, headers, data } = await say('add a task to restring the Telecaster on Friday');
      expect(status).toBe(201);
      const { actions, assistantMessage, userMessage, conversationId } = data;
      expect(headers['location']).toBe(`${CONVERSATIONS}/${conversationId}/messages`);
      const { data: task } = await ada.client.get(actions[0].resource);
      expect(task).toMatchObject({ type: 'task', title: 'Restring the Telecaster', status: 'pending' });
      expect(new Date(`${task.dueDate}T00:00:00Z`).getUTCDay()).toBe(5);
      expect(task.dueDate >= today() && task.dueDate <= daysAfter(today(), 7)).toBe(true);
      expect(assistantMessage).toMatchObject({
        role: 'assistant',
        model: 'hearth-offline',
        replyTo: userMessage.messageId,
      });
      expect(userMessage).toMatchObject({
        role: 'user',
        answerId: assistantMessage.messageId,
        model: null,
        tokens: null,
      });

      expect(await answerTo('What is due this week?')).toContain(`${task.dueDate} Restring the Telecaster`);

      const deleting = await say('delete restring the telecaster');
      const action = deleting.data.actions.at(-1);
      expect(action).toMatchObject({
        status: 'pending',
        tool: 'delete_quest',
        summary: 'Delete the task “Restring the Telecaster”',
      });
      expect(deleting.data.assistantMessage.content).toContain('as soon as you confirm it');
      expect((await ada.client.get(actions[0].resource)).status).toBe(200);

      const path = `/v1/chat/actions/${action.id}`;
      expect((await ada.client.get(path)).data).toMatchObject({
        status: 'pending',
        tool: 'delete_quest',
        error: null,
      });
      const confirmed = await ada.client.post(`${path}/confirm`, { approve: true });
      expect([confirmed.status, confirmed.data.status]).toEqual([200, 'done']);
      expect((await ada.client.get(actions[0].resource)).status).toBe(404);
      expect((await ada.client.post(`${path}/confirm`, { approve: true })).data).toEqual(confirmed.data);
      const { error } = await ada.client.post(`${path}/confirm`, { approve: false });
      expect(error.code).toBe('CHAT_ACTION_SETTLED');
    });

    it('completes a task by its name, and says when it is not sure which', async () => {
      for (const title of ['Clean the frets', 'Clean the pickups'])
        await ada.client.post('/v1/quests', { type: 'task', title, dueDate: today() });
      expect(await answerTo('complete clean')).toContain('More than one could be meant');
      await ada.client.post('/v1/quests', { type: 'task', title: 'Clean the frets', dueDate: '2090-07-04' });
      expect(await answerTo('complete clean the frets')).toContain('- Clean the frets (2090-07-04)');
      expect(await answerTo('complete clean the frets on 4 July 2090')).toBe(
        'Done: Clean the frets (2090-07-04).',
      );
      const { data } = await say('I have finished cleaning the moon');
      expect(data.assistantMessage.content).toContain('did not find');
      expect(await answerTo('mark clean the frets as done')).toBe(`Done: Clean the frets (${today()}).`);
      expect(await answerTo('what is due today?')).toContain('Clean the frets (done)');
    });

    it('lists guitars by brand', async () => {
      for (const [brand, model] of [
        ['Fender', 'Jazzmaster'],
        ['Gibson', 'SG'],
      ])
        await ada.client.post('/v1/guitars', { brand, model, year: 1962 });
      expect(await answerTo('list my fender guitars')).toBe('1 guitar by fender:\n- Fender Jazzmaster 1962');
      expect(await answerTo('Show my guitars')).toContain('Gibson SG 1962');
    });

    it('remembers, and forgets when that is confirmed', async () => {
      expect(await answerTo('Remember that I use .010 strings')).toContain('I use .010 strings');
      expect((await ada.client.get('/v1/memories')).data).toMatchObject([
        { content: 'I use .010 strings', source: 'assistant' },
      ]);
      expect(await answerTo('what do you remember?')).toContain('- I use .010 strings');
      const { data } = await say('forget .010 strings');
      const { id } = data.actions.at(-1);
      const rejected = await ada.client.post(`/v1/chat/actions/${id}/confirm`, { approve: false });
      expect(rejected.data.status).toBe('rejected');
      expect((await ada.client.get('/v1/memories')).data).toHaveLength(1);
      const { error } = await ada.client.post(`/v1/chat/actions/${id}/confirm`, { approve: true });
      expect(error.code).toBe('CHAT_ACTION_SETTLED');
    });

    it('says what it is, and what it understands, to all else', async () => {
      expect(await answerTo('Write me a poem')).toContain('offline assistant');
      const { status, error } = await say('hello', ada, { model: 'gpt-9' });
      expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'VALIDATION_ERROR', 'model']);
      expect((await say('hello', ada, { model: 'hearth-offline' })).status).toBe(201);
    });

    it('does nothing to what has changed since it was shown', async () => {
      const { data: task } = await ada.client.post('/v1/quests', {
        type: 'task',
        title: 'Oil the board',
        dueDate: today(),
      });
      const { id } = (await say('delete oil the board')).data.actions.at(-1);
      await ada.client.put(`/v1/quests/${task.id}?type=task`, { title: 'Oil the fretboard' });
      const { data } = await ada.client.post(`/v1/chat/actions/${id}/confirm`, { approve: true });
      expect(data).toMatchObject({ status: 'failed', error: { code: 'PRECONDITION_FAILED' } });
      expect((await ada.client.get(`/v1/quests/${task.id}`)).status).toBe(200);
    });
  });

  it('is another’s to nobody: conversations, messages and actions of others do not exist', async () => {
    const { data } = await say('hello');
    const { conversationId, userMessage } = data;
    const path = `${CONVERSATIONS}/${conversationId}`;
    const answers = await Promise.all([
      eve.client.get(path),
      eve.client.get(`${path}/messages`),
      eve.client.patch(path, { title: 'Mine' }),
      eve.client.delete(`${path}/messages/${userMessage.messageId}`),
      eve.client.delete(path),
      say('hello', eve, { conversationId }),
    ]);
    expect(answers.map(({ error }) => error.code)).toEqual(Array(6).fill('CONVERSATION_NOT_FOUND'));
    expect(await messagesOf(conversationId)).toHaveLength(2);
  });

  it('is as another name /chat and /chat/history', async () => {
    const { client } = await app.person();
    expect((await client.post('/v1/chat', { message: 'hello' })).status).toBe(201);
    expect((await client.get('/v1/chat/history')).data).toEqual((await client.get(MESSAGES)).data);
  });

  it.each([
    [{}, 400, 'VALIDATION_ERROR'],
    [{ message: '' }, 400, 'VALIDATION_ERROR'],
    [{ message: 7 }, 400, 'VALIDATION_ERROR'],
    [{ message: 'hello', role: 'system' }, 400, 'VALIDATION_ERROR'],
    [{ message: 'x'.repeat(5001) }, 413, 'CHAT_MESSAGE_TOO_LONG'],
    [{ message: 'hello', conversationId: UNKNOWN }, 404, 'CONVERSATION_NOT_FOUND'],
    [{ message: 'hello', conversationId: 'x#MSG#' }, 404, 'CONVERSATION_NOT_FOUND'],
  ])('refuses %j', async (body, status, code) => {
    const answer = await ada.client.post(MESSAGES, body);
    expect([answer.status, answer.error.code]).toEqual([status, code]);
  });

  it('takes 5,000 characters, whatever they weigh', async () => {
    const { status, data } = await say('🎸'.repeat(5000));
    expect([status, [...data.userMessage.content].length]).toEqual([201, 5000]);
  });

  it('is said a thing once under an Idempotency-Key', async () => {
    const person = await app.person();
    const options = { headers: { 'Idempotency-Key': 'once' } };
    const body = { message: 'add a task to tune up tomorrow' };
    const first = await person.client.post(MESSAGES, body, options);
    const again = await person.client.post(MESSAGES, body, options);
    expect(again.data).toEqual(first.data);
    expect((await person.client.get(MESSAGES)).data).toHaveLength(2);
    expect((await person.client.get('/v1/quests?type=task')).data).toHaveLength(1);
  });

  describe('conversations', () => {
    it('are begun, renamed, archived and listed by when they were last written in', async () => {
      const person = await app.person();
      const list = async (query = '') =>
        (await person.client.get(`${CONVERSATIONS}?${query}`)).data.map(({ id }: { id: string }) => id);
      const made = await person.client.post(CONVERSATIONS, { title: 'Setup' });
      expect([made.status, made.headers['location']]).toEqual([201, `${CONVERSATIONS}/${made.data.id}`]);
      expect(made.data).toMatchObject({ title: 'Setup', archived: false, lastMessageAt: null, version: 1 });
      const other = (await say('hello', person)).data.conversationId;
      expect(await list()).toEqual([other, made.data.id]);
      await say('hello', person, { conversationId: made.data.id });
      expect(await list()).toEqual([made.data.id, other]);

      const path = `${CONVERSATIONS}/${other}`;
      const { headers } = await person.client.get(path);
      const ifMatch = { headers: { 'If-Match': headers['etag'] ?? '' } };
      const renamed = await person.client.patch(path, { title: 'Other' }, ifMatch);
      expect(renamed.data).toMatchObject({ title: 'Other', version: 2 });
      expect((await person.client.patch(path, { title: 'Late' }, ifMatch)).status).toBe(412);
      expect((await person.client.patch(path, { archived: true })).data).toMatchObject({ archived: true });
      expect(await list('archived=false')).toEqual([made.data.id]);
      expect(await list('archived=true')).toEqual([other]);
      expect(await list()).toEqual([made.data.id, other]);
      await say('hello again', person, { conversationId: other });
      expect(await list('archived=true')).toEqual([other]);
      expect(await list('limit=1')).toEqual([other]);
    });

    it('take their title from the first message, on one line, and keep one that they have', async () => {
      const { conversationId } = (await say('What  is\ndue today?')).data;
      expect((await ada.client.get(`${CONVERSATIONS}/${conversationId}`)).data.title).toBe(
        'What is due today?',
      );
      const long = (await say(`restring ${'the very old guitar '.repeat(10)}`)).data.conversationId;
      const { title } = (await ada.client.get(`${CONVERSATIONS}/${long}`)).data;
      expect(title).toBe('restring the very old guitar the very old guitar…');
      const { id } = await conversation();
      await say('First', ada, { conversationId: id });
      await say('Second', ada, { conversationId: id });
      expect((await ada.client.get(`${CONVERSATIONS}/${id}`)).data.title).toBe('First');
    });

    it('show their messages oldest first, or newest first, in pages', async () => {
      const { id } = await conversation();
      for (const message of ['one', 'two', 'three']) await say(message, ada, { conversationId: id });
      const all = await saidIn(id);
      expect(all.filter((_, position) => position % 2 === 0)).toEqual(['one', 'two', 'three']);
      expect(await saidIn(id, 'order=desc')).toEqual(all.toReversed());
      const first = await ada.client.get(`${CONVERSATIONS}/${id}/messages?limit=4`);
      const cursor = encodeURIComponent(first.body.meta.nextCursor);
      const second = await ada.client.get(`${CONVERSATIONS}/${id}/messages?limit=4&cursor=${cursor}`);
      expect(second.body.meta).toEqual({ count: 2, nextCursor: null });
      expect([...first.data, ...second.data].map(({ content }) => content)).toEqual(all);
    });

    it('have messages that cannot be changed, only removed', async () => {
      const { conversationId, userMessage } = (await say('hello')).data;
      const path = `${CONVERSATIONS}/${conversationId}/messages/${userMessage.messageId}`;
      for (const method of ['PUT', 'PATCH']) {
        const { status, headers, error } = await ada.client.request(method, path, { body: { content: 'x' } });
        expect([status, error.code, headers['allow']]).toEqual([
          405,
          'METHOD_NOT_ALLOWED',
          'DELETE, OPTIONS',
        ]);
      }
      expect((await ada.client.delete(path)).data).toEqual({
        id: userMessage.messageId,
        messageId: userMessage.messageId,
        deleted: true,
      });
      expect((await ada.client.delete(path)).error.code).toBe('MESSAGE_NOT_FOUND');
      expect(await messagesOf(conversationId)).toHaveLength(1);
    });

    it('go with all that is in them, from the timeline too', async () => {
      const person = await app.person();
      const { conversationId } = (await say('delete nothing at all', person)).data;
      const kept = (await say('hello', person)).data;
      const path = `${CONVERSATIONS}/${conversationId}`;
      expect((await person.client.delete(path)).data).toEqual({ id: conversationId, deleted: true });
      for (const answer of [
        await person.client.delete(path),
        await person.client.get(path),
        await person.client.get(`${path}/messages`),
        await say('hello', person, { conversationId }),
      ])
        expect(answer.error.code).toBe('CONVERSATION_NOT_FOUND');
      const left = (await person.client.get(MESSAGES)).data;
      expect(left.map((message: { conversationId: string }) => message.conversationId)).toEqual([
        kept.conversationId,
        kept.conversationId,
      ]);
    });
  });

  describe('the timeline', () => {
    it('holds every message of all conversations in order, between instants', async () => {
      const person = await app.person();
      for (const message of ['one', 'two', 'three']) await say(message, person);
      const timeline = async (query = '') => (await person.client.get(`${MESSAGES}?${query}`)).data;
      const all = await timeline();
      expect(all).toHaveLength(6);
      expect(all.map(({ messageId }: { messageId: string }) => messageId)).toEqual(
        all.map(({ messageId }: { messageId: string }) => messageId).toSorted(),
      );
      expect(await timeline('order=desc')).toEqual(all.toReversed());
      const [, , third, , , last] = all;
      expect(await timeline(`from=${third.timestamp}`)).toEqual(all.slice(2));
      expect(await timeline(`from=${third.timestamp}&to=${last.timestamp}`)).toEqual(all.slice(2));
      expect(await timeline(`to=${third.timestamp}`)).toEqual(all.slice(0, 3));
      expect(await timeline('from=2090-01-01T00:00:00Z')).toEqual([]);
    });

    it('is removed as a whole, or up to an instant', async () => {
      const person = await app.person();
      await say('one', person);
      const { conversationId, userMessage } = (await say('two', person)).data;
      await say('three', person, { conversationId });
      const before = userMessage.timestamp;
      const { data } = await person.client.delete(`${MESSAGES}?before=${before}`);
      expect(data).toEqual({ deleted: 2, complete: true });
      expect((await person.client.get(MESSAGES)).data).toHaveLength(4);
      expect((await person.client.get(CONVERSATIONS)).data).toHaveLength(1);
      expect((await person.client.delete(MESSAGES)).data).toEqual({ deleted: 4, complete: true });
      expect((await person.client.get(CONVERSATIONS)).data).toEqual([]);
      expect((await person.client.delete(MESSAGES)).data).toEqual({ deleted: 0, complete: true });
    });
  });

  describe('limits', () => {
    it('of a day: what is used and left, and a refusal that says until when', async () => {
      const other = await app.another({ CHAT_MESSAGES_PER_DAY: '2' });
      const { accessToken } = await app.person();
      const client = other.client.as(accessToken);
      expect((await client.get('/v1/chat/usage')).data).toMatchObject({
        messages: 0,
        quota: 2,
        remaining: 2,
      });
      for (const remaining of [1, 0])
        expect((await say('hello', { client })).data.usage).toMatchObject({ quota: 2, remaining });
      const { status, error, headers } = await say('hello', { client });
      expect([status, error.code]).toEqual([429, 'CHAT_QUOTA_EXCEEDED']);
      const { data: usage } = await client.get('/v1/chat/usage');
      expect(error.message).toContain(usage.renewsAt);
      const seconds = (Date.parse(usage.renewsAt) - Date.now()) / 1000;
      expect(Math.abs(Number(headers['retry-after']) - seconds)).toBeLessThan(5);
      expect((await client.get(MESSAGES)).data).toHaveLength(4);
      expect(usage).toMatchObject({ messages: 2, remaining: 0 });
      expect(usage.days).toHaveLength(30);
      expect(usage.days.at(-1)).toEqual({ date: today(), messages: 2, tokensIn: 0, tokensOut: 0 });
    });

    it('of a minute: ten messages a user, counted for each', async () => {
      const other = await app.another({ RATE_LIMIT_CHAT_PER_MINUTE: '10' });
      const [one, two] = [await app.person(), await app.person()];
      const from = (person: Person) => ({ client: other.client.as(person.accessToken) });
      const answers = await Promise.all(Array.from({ length: 12 }, () => say('hello', from(one))));
      const refused = answers.filter(({ status }) => status === 429);
      // A window may have ended in between.
      expect([0, 1, 2]).toContain(refused.length);
      for (const { error, headers } of refused) {
        expect(error.code).toBe('RATE_LIMITED');
        expect([headers['ratelimit-limit'], headers['ratelimit-remaining']]).toEqual(['10', '0']);
      }
      expect((await say('hello', from(two))).headers['ratelimit-remaining']).toBe('9');
    });

    it.each([
      ['from=2025-02-01&to=2025-01-01', 'from'],
      ['from=2020-01-01&to=2025-01-01', 'from'],
      ['from=yesterday', 'from'],
      ['sum=true', 'sum'],
    ])('usage of %s is refused', async (query, field) => {
      const { status, error } = await ada.client.get(`/v1/chat/usage?${query}`);
      expect([status, error.details?.[0]?.field]).toEqual([400, field]);
    });
  });

  it('has tools, more of them for the owner, each with its parameters', async () => {
    const namesOf = async ({ client }: Person) =>
      (await client.get('/v1/chat/tools')).data.map(({ name }: { name: string }) => name);
    const owner = ada;
    expect(await namesOf(owner)).toEqual(expect.arrayContaining(['draft_post', 'publish_post']));
    expect(await namesOf(eve)).toEqual([
      'create_quest',
      'list_quests',
      'complete_quest',
      'update_quest',
      'delete_quest',
      'list_guitars',
      'get_guitar',
      'remember',
      'list_memories',
      'forget',
      'get_context',
      'save_context',
    ]);
    const { data } = await eve.client.get('/v1/chat/tools');
    const confirmed = data.filter((tool: { confirmed: boolean }) => tool.confirmed);
    expect(confirmed.map(({ name }: { name: string }) => name)).toEqual(['delete_quest', 'forget']);
    expect(data[0].parameters).toMatchObject({ type: 'object', required: ['type', 'title', 'dueDate'] });
  });

  it('knows no action that does not exist, and wants to be told yes or no', async () => {
    for (const id of [UNKNOWN, 'x']) {
      expect((await ada.client.get(`/v1/chat/actions/${id}`)).error.code).toBe('CHAT_ACTION_NOT_FOUND');
      const { error } = await ada.client.post(`/v1/chat/actions/${id}/confirm`, { approve: true });
      expect(error.code).toBe('CHAT_ACTION_NOT_FOUND');
    }
    const { status, error } = await ada.client.post(`/v1/chat/actions/${UNKNOWN}/confirm`, {});
    expect([status, error.details?.[0]?.field]).toEqual([400, 'approve']);
  });
});
