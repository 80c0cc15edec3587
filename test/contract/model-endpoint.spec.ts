import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { calling, hasCalled, ModelServer, refusing, saying, toldLast } from '../support/model-server.js';
import type { Reply } from '../support/scripted-server.js';
import { type Person, TestApp } from '../support/test-app.js';

const MESSAGES = '/v1/chat/messages';
const TASK = { type: 'task', title: 'Restring', dueDate: '2030-06-25' };
const LATER = { ...TASK, dueDate: '2031-06-25' };

describe('An endpoint that speaks OpenAI’s protocol', () => {
  let model: ModelServer;
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    model = await ModelServer.start();
    app = await TestApp.start({
      environment: { ...model.environment, AI_REQUEST_TIMEOUT_MS: '1500', CHAT_DEADLINE_MS: '9000' },
    });
    ada = await app.person('Ada');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });
  beforeEach(() => {
    model.answers(saying('Hello.'));
    model.forget();
  });

  const say = (message: string, more: object = {}, key?: string) =>
    ada.client.post(
      MESSAGES,
      { message, ...more },
      key === undefined ? {} : { headers: { 'Idempotency-Key': key } },
    );
  const messagesOf = async (conversationId: string) =>
    (await ada.client.get(`/v1/chat/conversations/${conversationId}/messages`)).data;

  it('is asked with its key, a model, the tools, the instructions and the message', async () => {
    const { status, data } = await say('Good morning');
    expect(status).toBe(201);
    expect(data.assistantMessage).toMatchObject({
      content: 'Hello.',
      model: 'first-2026',
      tokens: { in: 100, out: 10 },
      replyTo: data.userMessage.messageId,
    });
    const [{ path, headers, body }] = model.asked as [(typeof model.asked)[number]];
    expect([path, headers.authorization]).toEqual(['/v1/chat/completions', 'Bearer key-of-the-test']);
    expect([body.model, body.max_tokens, body.tool_choice]).toEqual(['first', 1000, 'auto']);
    expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(body.messages[1]?.content).toBe('Good morning');
    const today = new Date().toISOString().slice(0, 10);
    expect(body.messages[0]?.content).toContain(today);
    const known = (await ada.client.get('/v1/chat/tools')).data.map(({ name }: { name: string }) => name);
    expect(body.tools?.map((tool) => tool.function.name)).toEqual(known);
  });

  it('is told what was said before, what is remembered and the context, within the conversation’s user', async () => {
    await ada.client.post('/v1/memories', { content: 'I play with .010 strings' });
    await ada.client.put('/v1/context/assistant', { data: { tone: 'brief' } });
    const eve = await app.person();
    await eve.client.post('/v1/memories', { content: 'a secret of Eve' });
    const { data } = await say('One');
    model.forget();
    await say('Which strings?', { conversationId: data.conversationId });
    const [{ body }] = model.asked as [(typeof model.asked)[number]];
    expect(body.messages.slice(1).map(({ role, content }) => [role, content])).toEqual([
      ['user', 'One'],
      ['assistant', 'Hello.'],
      ['user', 'Which strings?'],
      ['assistant', null],
      ['tool', expect.any(String)],
    ]);
    // As if it had asked for it: data stands where data stands.
    const { remembered, context } = JSON.parse(body.messages.at(-1)?.content ?? '{}').result;
    expect(remembered).toContain('I play with .010 strings');
    expect(context).toContainEqual({ contextType: 'assistant', data: { tone: 'brief' } });
    expect(body.messages[0]?.content).not.toContain('.010');
    expect(JSON.stringify(body)).not.toContain('a secret of Eve');
  });

  it('has tools called, is told what they answered, and what it took is added up', async () => {
    model.answers(
      calling(['create_quest', TASK], ['list_quests', { date: TASK.dueDate }]),
      saying('It is on your list.'),
    );
    const { data: before } = await ada.client.get('/v1/chat/usage');
    const { data } = await say('Add it');
    expect(data.assistantMessage).toMatchObject({
      content: 'It is on your list.',
      tokens: { in: 200, out: 20 },
    });
    expect(data.actions).toMatchObject([
      { tool: 'create_quest', status: 'done', summary: 'Added the task “Restring”' },
      { tool: 'list_quests', status: 'done' },
    ]);
    const made = await ada.client.get(data.actions[0].resource);
    expect(made.data).toMatchObject({ title: 'Restring', dueDate: '2030-06-25', userId: ada.userId });
    const second = model.asked[1] as (typeof model.asked)[number];
    expect(toldLast(second)).toMatchObject([
      { result: { id: made.data.id, title: 'Restring' } },
      { result: { items: [{ id: made.data.id }], more: false } },
    ]);
    const calls = second.body.messages.findLast(({ role }) => role === 'assistant')?.tool_calls ?? [];
    const answered = second.body.messages
      .filter(({ role, tool_call_id: id }) => role === 'tool' && id !== 'recall')
      .map((told) => told.tool_call_id);
    expect(answered).toEqual(calls.map(({ id }) => id));
    const { data: after } = await ada.client.get('/v1/chat/usage');
    expect(after).toMatchObject({
      messages: before.messages + 1,
      tokensIn: before.tokensIn + 200,
      tokensOut: before.tokensOut + 20,
      remaining: before.remaining - 1,
    });
  });

  it('that says nothing of what it took is counted by an estimate', async () => {
    model.answers(saying('Hello.', { usage: undefined }));
    const { tokens } = (await say('How much?')).data.assistantMessage;
    expect(tokens.in).toBeGreaterThan(500);
    expect(tokens.out).toBeGreaterThan(1);
  });

  it('is asked for the model that the message names first, if it is one of those configured', async () => {
    await say('Hello', { model: 'second' });
    expect(model.asked.map(({ body }) => body.model)).toEqual(['second']);
    const { status, error } = await say('Hello', { model: 'third' });
    expect([status, error.code, error.details]).toEqual([
      400,
      'VALIDATION_ERROR',
      [{ field: 'model', code: 'isIn', message: 'model must be one of first, second' }],
    ]);
  });

  const FAILURES: Record<string, Reply> = {
    'an error': refusing(500),
    'a model that is unknown there': refusing(404),
    'too many requests': refusing(429),
    'an empty answer': saying(''),
    'no answer at all': saying(null),
    'a body that is no JSON': { headers: { 'Content-Type': 'application/json' }, text: '<html>' },
    'a page': { headers: { 'Content-Type': 'text/html' }, text: '<html>Hello</html>' },
    'JSON that is no answer': { headers: { 'Content-Type': 'application/json' }, body: { choices: 'none' } },
    'an answer without end': saying('x'.repeat(70_000)),
    'a body cut off': { ...saying('Hello.'), cut: 'reset' },
    'a body that stops half-way': { ...saying('Hello.'), cut: 'stall' },
    silence: undefined,
  };

  it.each(Object.entries(FAILURES))('%s: the next model answers', async (_, failure) => {
    model.script = ({ body }) => (body.model === 'first' ? failure : saying('From the second.'));
    const { status, data } = await say('Hello');
    expect([status, data?.assistantMessage.content]).toEqual([201, 'From the second.']);
    expect(model.asked.map(({ body }) => body.model)).toEqual(['first', 'second']);
  });

  it.each(Object.entries(FAILURES))(
    '%s of all models: a coded error; the message is kept, and answered when it is sent again',
    async (name, failure) => {
      model.answers(failure);
      const { id: conversationId } = (await ada.client.post('/v1/chat/conversations', {})).data;
      const { messages: before } = (await ada.client.get('/v1/chat/usage')).data;
      const ask = () => say('Are you there?', { conversationId }, name);
      const { status, error, headers } = await ask();
      expect([status, error.code]).toEqual([502, 'AI_PROVIDER_ERROR']);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      const [kept, ...others] = await messagesOf(conversationId);
      expect(others).toEqual([]);
      expect(kept).toMatchObject({ role: 'user', content: 'Are you there?', answerId: null });
      model.answers(saying('I am.'));
      const again = await ask();
      expect(again.status).toBe(201);
      expect(again.data.userMessage.messageId).toBe(kept.messageId);
      const replayed = await ask();
      expect([replayed.headers['idempotent-replayed'], replayed.data]).toEqual(['true', again.data]);
      const said = (await messagesOf(conversationId)).map(({ content }: { content: string }) => content);
      expect(said).toEqual(['Are you there?', 'I am.']);
      expect((await ada.client.get('/v1/chat/usage')).data.messages).toBe(before + 1);
    },
  );

  it('that asks for patience has its Retry-After passed on, as seconds or a date', async () => {
    model.answers(refusing(429, { 'Retry-After': '17' }));
    expect((await say('Hello')).headers['retry-after']).toBe('17');
    const date = new Date(Date.now() + 60_000).toUTCString();
    model.answers(refusing(429, { 'Retry-After': date }));
    const seconds = Number((await say('Hello')).headers['retry-after']);
    expect(seconds).toBeGreaterThan(40);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('what a model had done before it failed is not done again, and it is asked on where it was', async () => {
    let failing = true;
    model.script = (asked) => {
      if (!hasCalled(asked)) return calling(['create_quest', LATER]);
      return failing ? refusing(503) : saying('Done.');
    };
    expect((await say('Add it', {}, 'half-way')).status).toBe(502);
    expect((await ada.client.get('/v1/quests?date=2031-06-25')).data).toHaveLength(1);
    failing = false;
    model.forget();
    const { status, data } = await say('Add it', {}, 'half-way');
    expect(status).toBe(201);
    expect(model.asked).toHaveLength(1);
    expect(data.actions).toMatchObject([{ tool: 'create_quest', status: 'done' }]);
    expect(data.assistantMessage.tokens).toEqual({ in: 200, out: 20 });
    expect((await ada.client.get('/v1/quests?date=2031-06-25')).data).toHaveLength(1);
  });

  it('has the time of a message and no more, however many calls it wants', async () => {
    const hasty = await app.another({ CHAT_DEADLINE_MS: '3500', AI_REQUEST_TIMEOUT_MS: '12000' });
    model.script = async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 1000).unref();
      });
      return calling(['list_guitars', {}]);
    };
    const client = hasty.client.as(ada.accessToken);
    const { status, error } = await client.post(MESSAGES, { message: 'Take your time' });
    expect([status, error.code]).toEqual([502, 'AI_PROVIDER_ERROR']);
    // Of the six that its rounds would have let it make.
    expect(model.asked.length).toBeLessThan(5);
  });

  it('is paid for what it took also where that was no answer, and a name that is unknown binds no key', async () => {
    const before = (await ada.client.get('/v1/chat/usage')).data;
    model.answers(saying(''));
    expect((await say('Hello', {}, 'paid')).status).toBe(502);
    const after = (await ada.client.get('/v1/chat/usage')).data;
    expect([after.messages - before.messages, after.tokensIn - before.tokensIn]).toEqual([1, 200]);
    model.answers(saying('Hello.'));
    expect((await say('Hello', { model: 'third' }, 'unbound')).status).toBe(400);
    expect((await say('Hello', { model: 'second' }, 'unbound')).status).toBe(201);
  });

  it.each(['in a new conversation', 'in one that there is'])(
    'that fails for good is asked ten times for a message %s, and no more',
    async (where) => {
      const { conversationId } = (await say('Good morning')).data;
      const place = where === 'in a new conversation' ? {} : { conversationId };
      model.forget();
      model.answers(refusing(500));
      const { messages } = (await ada.client.get('/v1/chat/usage')).data;
      const codes: string[] = [];
      for (let n = 0; n < 12; n += 1) codes.push((await say('Hello', place, where)).error.code);
      expect(codes).toEqual([
        ...Array(10).fill('AI_PROVIDER_ERROR'),
        ...Array(2).fill('CHAT_TRIES_EXCEEDED'),
      ]);
      expect(model.asked).toHaveLength(20);
      expect((await ada.client.get('/v1/chat/usage')).data.messages).toBe(messages + 1);
    },
  );

  it('that hangs is left when the time of the message ends, however little of it there is', async () => {
    const hasty = await app.another({ CHAT_DEADLINE_MS: '2700', AI_REQUEST_TIMEOUT_MS: '12000' });
    model.script = ({ body }) => (body.model === 'first' ? undefined : saying('From the second.'));
    const { status, error } = await hasty.client
      .as(ada.accessToken)
      .post(MESSAGES, { message: 'Are you there?' });
    expect([status, error.code]).toEqual([502, 'AI_PROVIDER_ERROR']);
  });

  it('without a model of its name in the configuration is asked which it has', async () => {
    const other = await app.another({ AI_MODELS: '' });
    model.script = ({ path }) =>
      path.endsWith('/models')
        ? {
            headers: { 'Content-Type': 'application/json' },
            body: { object: 'list', data: [{ id: 'llama' }] },
          }
        : saying('Hello.');
    const client = other.client.as(ada.accessToken);
    for (const message of ['One', 'Two']) expect((await client.post(MESSAGES, { message })).status).toBe(201);
    expect(model.asked.map(({ path, body }) => [path, body?.model])).toEqual([
      ['/v1/models', undefined],
      ['/v1/chat/completions', 'llama'],
      ['/v1/chat/completions', 'llama'],
    ]);
  });

  it('is told no more than the budget holds', async () => {
    const small = await app.another({ AI_PROMPT_TOKENS: '6000' });
    const client = small.client.as(ada.accessToken);
    for (let n = 0; n < 12; n += 1)
      await client.post('/v1/memories', { content: `Memory ${n}: ${'strings '.repeat(200)}` });
    await client.put('/v1/context/large', { data: { text: 'x'.repeat(60_000) } });
    const { conversationId } = (await client.post(MESSAGES, { message: 'x'.repeat(4900) })).data;
    for (let n = 0; n < 8; n += 1)
      await client.post(MESSAGES, { message: `${n} ${'word '.repeat(700)}`, conversationId });
    model.forget();
    await client.post(MESSAGES, { message: 'Which strings?', conversationId });
    const [{ body }] = model.asked as [(typeof model.asked)[number]];
    const size = Buffer.byteLength(JSON.stringify([body.messages, body.tools]));
    expect(size / 3).toBeLessThan(6600);
    expect(body.messages.length).toBeGreaterThan(3);
    expect(body.messages.findLast(({ role }) => role === 'user')?.content).toBe('Which strings?');
  });
});
