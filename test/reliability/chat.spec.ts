import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Table } from '../../src/platform/dynamodb/table.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint } from '../support/environment.js';
import { type Fault, FaultProxy } from '../support/fault-proxy.js';
import { calling, hasCalled, ModelServer, saying } from '../support/model-server.js';
import { rowsOf } from '../support/rows.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const MESSAGES = '/v1/chat/messages';
const CONVERSATIONS = '/v1/chat/conversations';
const FAULTS: readonly Fault[] = ['internal-error', 'reset-after', 'garbage'];

describe('The assistant, whatever fails', () => {
  const clock = new TestClock();
  let proxy: FaultProxy;
  let model: ModelServer;
  let app: TestApp;
  let owner: Person;
  let ada: Person;
  beforeAll(async () => {
    proxy = await FaultProxy.start(databaseEndpoint);
    model = await ModelServer.start();
    const environment = {
      ...model.environment,
      DYNAMODB_ENDPOINT: proxy.url,
      CHAT_MESSAGES_PER_DAY: '15',
      RESPONSE_DEADLINE_MS: '25000',
    };
    app = await TestApp.start({ clock, environment });
    owner = await app.owner();
  });
  beforeEach(async () => {
    ada = await app.person();
    model.answers(saying('Hello.'));
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
    await model.stop();
  });

  const say = (message: string, conversationId?: string, key?: string) =>
    ada.client.post(
      MESSAGES,
      { message, ...(conversationId !== undefined && { conversationId }) },
      key === undefined ? {} : { headers: { 'Idempotency-Key': key } },
    );
  const conversation = async () => (await ada.client.post(CONVERSATIONS, {})).data.id as string;
  const messagesOf = async (id: string) =>
    (await ada.client.get(`${CONVERSATIONS}/${id}/messages?limit=100`)).data as {
      messageId: string;
      role: string;
      content: string;
      replyTo: string | null;
      answerId: string | null;
    }[];
  const usage = async () => (await ada.client.get('/v1/chat/usage')).data;
  const rowsIn = async (id: string) =>
    (await rowsOf(app)).filter(({ PK, SK }) => PK.includes(id) || SK.includes(id));

  it('twenty messages at once in one conversation: none is lost, all keep their order, the quota is exact', async () => {
    const id = await conversation();
    let calls = 0;
    // On real DynamoDB transactions that meet on one item cancel each other; no emulator shows it.
    proxy.plan = ({ operation }) => {
      calls += operation === 'TransactWriteItems' ? 1 : 0;
      return operation === 'TransactWriteItems' && calls % 3 === 0 ? 'conflict' : undefined;
    };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => say(`Message ${n}`, id)));
    proxy.heal();
    const codes = answers.map(({ status, error }) => error?.code ?? String(status));
    expect(codes.filter((code) => code === '201')).toHaveLength(15);
    expect(codes.filter((code) => code === 'CHAT_QUOTA_EXCEEDED')).toHaveLength(5);
    const said = await messagesOf(id);
    const accepted = answers.filter(({ status }) => status === 201).map(({ data }) => data);
    const ids = accepted.flatMap(({ userMessage, assistantMessage }) => [
      userMessage.messageId,
      assistantMessage.messageId,
    ]);
    expect(said.map(({ messageId }) => messageId)).toEqual(ids.toSorted());
    expect(await messagesOf(id)).toEqual(said);
    for (const { userMessage, assistantMessage } of accepted) {
      expect(assistantMessage.messageId > userMessage.messageId).toBe(true);
      expect(said).toContainEqual(userMessage);
      expect(said).toContainEqual(assistantMessage);
    }
    expect(await usage()).toMatchObject({ messages: 15, remaining: 0, tokensIn: 1500, tokensOut: 150 });
  });

  it('ten messages a minute and user, and no eleventh', async () => {
    const strict = await app.another({ RATE_LIMIT_CHAT_PER_MINUTE: '10' }, clock);
    const client = strict.client.as(ada.accessToken);
    const send = () => client.post(MESSAGES, { message: 'hello' });
    const codes = (await Promise.all(Array.from({ length: 12 }, send))).map(({ status }) => status);
    expect(codes.toSorted()).toEqual([...Array(10).fill(201), 429, 429]);
    clock.forward({ seconds: 60 });
    expect((await send()).status).toBe(201);
  });

  it('messages of one millisecond keep their order, and are new on a new day', async () => {
    const id = await conversation();
    for (let n = 0; n < 15; n += 1) await say(`Message ${n}`, id);
    const said = await messagesOf(id);
    expect(said.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(
      Array.from({ length: 15 }, (_, n) => `Message ${n}`),
    );
    expect(said.map(({ role }) => role)).toEqual(said.map((_, n) => (n % 2 === 0 ? 'user' : 'assistant')));
    const { renewsAt } = await usage();
    expect((await say('One more', id)).error.code).toBe('CHAT_QUOTA_EXCEEDED');
    clock.set(renewsAt);
    ada = await app.signIn(ada.email);
    expect(await usage()).toMatchObject({ remaining: 15 });
    expect((await say('One more', id)).status).toBe(201);
  });

  it.each(FAULTS)(
    '%s at any call: sent again, a message is answered once, and its tools have run once',
    async (fault) => {
      let made = true;
      for (let position = 0; made; position += 1) {
        const dueDate = `20${30 + position}-01-01`;
        const title = `${fault} ${position}`;
        ada = position % 15 === 0 ? await app.person() : ada;
        const id = await conversation();
        const { messages, tokensIn } = await usage();
        model.script = (asked) =>
          !hasCalled(asked)
            ? calling(['create_quest', { type: 'task', title, dueDate }], ['remember', { content: title }])
            : saying('Done.');
        const wasMade = proxy.failOne(fault, position);
        const first = await say(title, id, title);
        made = wasMade();
        proxy.heal();
        expect([201, 503]).toContain(first.status);
        // By then nobody can be at it any more.
        clock.forward({ seconds: 31 });
        const again = await say(title, id, title);
        expect([again.status, again.data?.assistantMessage.content]).toEqual([201, 'Done.']);
        const said = await messagesOf(id);
        expect(said).toMatchObject([
          { role: 'user', content: title, answerId: again.data.assistantMessage.messageId },
          { role: 'assistant', content: 'Done.', replyTo: again.data.userMessage.messageId },
        ]);
        expect((await ada.client.get(`/v1/quests?date=${dueDate}`)).data).toHaveLength(1);
        const memories = (await ada.client.get('/v1/memories?limit=100')).data;
        expect(memories.filter(({ content }: { content: string }) => content === title)).toHaveLength(1);
        const after = await usage();
        expect(after.messages).toBe(messages + 1);
        // What a model was asked whose answer could not be stored it was asked again.
        expect([200, 300]).toContain(after.tokensIn - tokensIn);
      }
    },
  );

  describe('what waits to be confirmed', () => {
    const proposed = async () => {
      const task = { type: 'task', title: 'Go', dueDate: '2030-01-01' };
      const { id } = (await ada.client.post('/v1/quests', task)).data;
      model.answers(calling(['delete_quest', { id, type: 'task' }]), saying('Shall I?'));
      const { actions } = (await say('Delete it')).data;
      return { quest: `/v1/quests/${id}`, action: `/v1/chat/actions/${actions[0].id}` };
    };

    it('is done once, however many confirm it at once', async () => {
      const { quest, action } = await proposed();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => ada.client.post(`${action}/confirm`, { approve: true })),
      );
      for (const { status, error, data } of answers)
        expect(data?.status ?? `${status} ${error.code}`).toMatch(/^done$|^409 CHAT_ACTION_IN_PROGRESS$/);
      expect((await ada.client.get(action)).data).toMatchObject({ status: 'done', error: null });
      expect((await ada.client.get(quest)).status).toBe(404);
    });

    it('is either done or rejected, never both', async () => {
      const { quest, action } = await proposed();
      await Promise.all(
        Array.from({ length: 10 }, (_, n) => ada.client.post(`${action}/confirm`, { approve: n % 2 === 0 })),
      );
      const { status } = (await ada.client.get(action)).data;
      expect([status, (await ada.client.get(quest)).status]).toEqual(
        status === 'done' ? ['done', 404] : ['rejected', 200],
      );
    });

    /** What is asked for, of whom, and what shows that it was done. */
    const GUARDED = {
      'a task that is deleted': {
        prepare: async () => {
          const task = { type: 'task', title: 'Go', dueDate: '2030-01-01' };
          const { id } = (await ada.client.post('/v1/quests', task)).data;
          return { call: ['delete_quest', { id, type: 'task' }], id } as const;
        },
        expectDone: async (id: string) => expect(await rowsIn(id)).toEqual([]),
      },
      'a goal that is deleted, which its tasks must let go of': {
        prepare: async () => {
          const goal = { type: 'goal', title: 'Go', dueDate: '2030-01-01' };
          const { id } = (await ada.client.post('/v1/quests', goal)).data;
          const task = { type: 'task', title: 'Step', dueDate: '2030-01-01', goalId: id };
          await ada.client.post('/v1/quests', task);
          await ada.client.post(`/v1/quests/goals/${id}/milestones`, { title: 'Half' });
          return { call: ['delete_quest', { id, type: 'goal' }], id } as const;
        },
        expectDone: async (id: string) => {
          expect(await rowsIn(id)).toEqual([]);
          expect((await rowsOf(app)).filter(({ goalId }) => goalId === id)).toEqual([]);
        },
      },
      'a post that is published': {
        prepare: async () => {
          ada = await app.signIn(owner.email);
          const post = { title: 'Go', excerpt: 'x', content: 'x', category: 'x', tags: ['x'] };
          const { id } = (await ada.client.post('/v1/blog/posts', post)).data;
          return { call: ['publish_post', { id }], id } as const;
        },
        expectDone: async (id: string) =>
          expect((await ada.client.get(`/v1/blog/posts/${id}`)).data.status).toBe('published'),
      },
    };

    it.each(Object.keys(GUARDED).flatMap((what) => FAULTS.map((fault) => [what, fault] as const)))(
      '%s: %s at any call; confirmed again, it is done',
      async (what, fault) => {
        const { prepare, expectDone } = GUARDED[what as keyof typeof GUARDED];
        let made = true;
        for (let position = 0; made; position += 1) {
          // There are fifteen messages a day.
          clock.forward({ seconds: position % 7 === 0 ? 24 * 3600 : 0 });
          ada = position % 7 === 0 ? await app.person() : ada;
          const { call, id } = await prepare();
          model.answers(calling(call), saying('Shall I?'));
          const { actions } = (await say('Do it')).data;
          const confirm = () =>
            ada.client.post(`/v1/chat/actions/${actions[0].id}/confirm`, { approve: true });
          const wasMade = proxy.failOne(fault, position);
          const first = await confirm();
          made = wasMade();
          proxy.heal();
          expect([200, 503]).toContain(first.status);
          clock.forward({ seconds: 31 });
          const again = await confirm();
          expect([position, again.status, again.data?.status]).toEqual([position, 200, 'done']);
          await expectDone(id);
        }
      },
    );

    it('is not done to what was changed after it died half-way, and can be called off then', async () => {
      for (const approve of [true, false]) {
        const { quest, action } = await proposed();
        proxy.fail('internal-error', { operation: 'DeleteItem' });
        expect((await ada.client.post(`${action}/confirm`, { approve: true })).status).toBe(503);
        proxy.heal();
        await ada.client.put(`${quest}?type=task`, { title: 'Changed' });
        clock.forward({ seconds: 31 });
        const { data } = await ada.client.post(`${action}/confirm`, { approve });
        expect([approve, data.status, data.error?.code]).toEqual(
          approve ? [true, 'failed', 'PRECONDITION_FAILED'] : [false, 'rejected', undefined],
        );
        expect((await ada.client.get(quest)).data.title).toBe('Changed');
      }
    });

    it('is over after an hour', async () => {
      const { quest, action } = await proposed();
      clock.forward({ seconds: 3600 });
      ada = await app.signIn(ada.email);
      expect((await ada.client.get(action)).data.status).toBe('expired');
      for (const approve of [true, false]) {
        const { status, error } = await ada.client.post(`${action}/confirm`, { approve });
        expect([status, error.code]).toEqual([410, 'CHAT_ACTION_EXPIRED']);
      }
      expect((await ada.client.get(quest)).status).toBe(200);
    });
  });

  describe('a conversation that is removed', () => {
    const full = async () => {
      const id = await conversation();
      model.answers(calling(['remember', { content: 'x' }]), saying('Done.'), saying('Hello.'));
      await say('One', id);
      await say('Two', id);
      return id;
    };

    it.each(['internal-error', 'reset-after'] as const)(
      '%s at any call: nobody sees it any more, and the sweeper, or the same request, finishes it',
      async (fault) => {
        let made = true;
        for (let position = 0; made; position += 1) {
          ada = position % 7 === 0 ? await app.person() : ada;
          const id = await full();
          const wasMade = proxy.failOne(fault, position);
          const { status } = await ada.client.delete(`${CONVERSATIONS}/${id}`);
          made = wasMade();
          proxy.heal();
          const marked = (await ada.client.get(`${CONVERSATIONS}/${id}`)).status === 404;
          if (status === 200) expect(marked).toBe(true);
          if (marked && position % 2 === 0) await work(app, 'sweep');
          else expect([200, 404]).toContain((await ada.client.delete(`${CONVERSATIONS}/${id}`)).status);
          expect(await rowsIn(id)).toEqual([]);
        }
      },
    );

    it('while a tool runs ends the answer, and leaves nothing that waits', async () => {
      const task = (
        await ada.client.post('/v1/quests', { type: 'task', title: 'Keep', dueDate: '2030-01-01' })
      ).data;
      const id = await conversation();
      model.script = async () => {
        await ada.client.delete(`${CONVERSATIONS}/${id}`);
        return calling(['delete_quest', { id: task.id, type: 'task' }]);
      };
      expect((await say('Delete it', id)).error.code).toBe('CONVERSATION_NOT_FOUND');
      expect(await rowsIn(id)).toEqual([]);
      expect(
        (await rowsOf(app)).filter(
          ({ PK, EntityType }) => PK.includes(ada.userId) && EntityType === 'CHAT_ACTION',
        ),
      ).toEqual([]);
    });

    it('by several requests at once goes once, and each message is counted once, whatever answers are lost', async () => {
      for (let n = 0; n < 4; n += 1) await say(`Message ${n}`);
      const lost = new Set<string>();
      proxy.plan = ({ body, number }) => {
        if (number % 3 !== 0 || lost.has(body)) return undefined;
        lost.add(body);
        return 'reset-after';
      };
      const answers = await Promise.all([1, 2, 3].map(() => ada.client.delete(MESSAGES)));
      proxy.heal();
      expect(lost.size).toBeGreaterThan(8);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(answers.map(({ data }) => data.complete)).toEqual([true, true, true]);
      expect(answers.reduce((sum, { data }) => sum + data.deleted, 0)).toBe(8);
      expect((await ada.client.get(MESSAGES)).data).toEqual([]);
    });

    it('for which there is no time is finished by the sweeper, and says that it is not complete', async () => {
      const id = await full();
      const hasty = await app.another({ RESPONSE_DEADLINE_MS: '1400' }, clock);
      const { data } = await hasty.client.as(ada.accessToken).delete(MESSAGES);
      expect(data).toEqual({ deleted: 0, complete: false });
      expect((await ada.client.get(CONVERSATIONS)).data).toEqual([]);
      await work(app, 'sweep');
      expect(await rowsIn(id)).toEqual([]);
    });

    it('message by message leaves nothing of how it came about, nor what still waits', async () => {
      const { id: questId } = (
        await ada.client.post('/v1/quests', { type: 'task', title: 'Keep', dueDate: '2030-01-01' })
      ).data;
      const id = await conversation();
      model.answers(calling(['delete_quest', { id: questId, type: 'task' }]), saying('Shall I?'));
      await say('Delete it', id);
      for (const { messageId } of await messagesOf(id))
        await ada.client.delete(`${CONVERSATIONS}/${id}/messages/${messageId}`);
      const left = (await rowsIn(id)).map(({ EntityType }) => EntityType);
      expect(left).toEqual(['CONVERSATION']);
    });

    it('takes what is said in it at the same time with it, or refuses it: nothing is left over', async () => {
      for (let round = 0; round < 5; round += 1) {
        const id = await conversation();
        const answers = await Promise.all([
          ...[1, 2, 3].map((n) => say(`Message ${n}`, id)),
          ada.client.delete(`${CONVERSATIONS}/${id}`),
        ]);
        for (const { status } of answers) expect([200, 201, 404]).toContain(status);
        if (answers.at(-1)?.status !== 200) await ada.client.delete(`${CONVERSATIONS}/${id}`);
        expect(await rowsIn(id)).toEqual([]);
      }
    });
  });

  it('the 500 memories of a user are not exceeded, however many are added at once', async () => {
    const table = (app.running as SocketApp).app.get(Table, { strict: false });
    const key = { PK: `USER#${ada.userId}`, SK: 'MEMORIES' };
    const orElse = () => new Error('There is no count');
    await ada.client.post('/v1/memories', { content: 'One' });
    await table.update(key, { count: 497 }, orElse);
    const add = () => ada.client.post('/v1/memories', { content: 'More' });
    const codes = (await Promise.all(Array.from({ length: 10 }, add))).map(({ status }) => status);
    expect(codes.toSorted()).toEqual([...Array(3).fill(201), ...Array(7).fill(409)]);
    const [{ id }] = (await ada.client.get('/v1/memories')).data;
    await ada.client.delete(`/v1/memories/${id}`);
    expect((await add()).status).toBe(201);
    expect((await add()).error.code).toBe('MEMORY_LIMIT');
  });

  it('context that has ended is not there, also before it is removed', async () => {
    await ada.client.put('/v1/context/session', { data: { step: 1 }, ttlSeconds: 60 });
    await ada.client.put('/v1/context/kept', { data: {} });
    clock.forward({ seconds: 60 });
    expect((await ada.client.get('/v1/context/session')).error.code).toBe('CONTEXT_NOT_FOUND');
    const types = (await ada.client.get('/v1/context')).data.map(
      ({ contextType }: { contextType: string }) => contextType,
    );
    expect(types).toEqual(['kept']);
    const made = await ada.client.put('/v1/context/session', { data: { step: 2 } });
    expect(made.data).toMatchObject({ data: { step: 2 }, version: 1, expiresAt: null });
  });
});
