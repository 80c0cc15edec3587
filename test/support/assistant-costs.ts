import type { Answer } from './client.js';
import type { TestApp } from './test-app.js';

type Measured = readonly [string, () => Promise<Answer>];

const CONVERSATIONS = '/v1/chat/conversations';

/** Requests of the assistant by the rows of docs/access-patterns.md, each by a person of its own or on something of its own. */
export async function assistantCosts(app: TestApp): Promise<Measured[]> {
  /** Somebody whose state this process knows, and of whom nothing else is kept. */
  const somebody = async () => {
    const { client } = await app.person();
    await client.get('/v1/quests?type=task');
    return client;
  };
  const client = await somebody();
  const begun = async (title?: string) =>
    (await client.post(CONVERSATIONS, title === undefined ? {} : { title })).data.id as string;
  const say = (message: string, more: object = {}, by = client) =>
    by.post('/v1/chat/messages', { message, ...more });
  const said = async () => (await say('hello')).data;
  const memory = async () => `/v1/memories/${(await client.post('/v1/memories', { content: 'x' })).data.id}`;
  const context = async (type: string) => {
    await client.put(`/v1/context/${type}`, { data: { tone: 'brief' } });
    return `/v1/context/${type}`;
  };
  const waiting = async (title: string) => {
    await client.post('/v1/quests', { type: 'task', title, dueDate: '2030-01-01' });
    const { data } = await say(`delete ${title}`);
    return `/v1/chat/actions/${data.actions.at(-1).id}`;
  };
  const confirm = async (title: string, approve: boolean) =>
    client.post(`${await waiting(title)}/confirm`, { approve });
  const first = await said();
  const alone = await somebody();
  const removing = await somebody();
  await say('hello', {}, removing);
  return [
    ['POST /v1/chat/messages', () => say('hello', {}, alone)],
    [
      'POST /v1/chat/messages (in a conversation)',
      async () => say('hello', { conversationId: await begun('Setup') }),
    ],
    ['POST /v1/chat/messages (a tool called)', () => say('remember that I play', {})],
    ['POST /v1/chat', () => client.post('/v1/chat', { message: 'hello' })],
    ['GET /v1/chat/messages', () => client.get('/v1/chat/messages?limit=1')],
    ['GET /v1/chat/history', () => client.get('/v1/chat/history?limit=1')],
    ['DELETE /v1/chat/messages', () => removing.delete('/v1/chat/messages')],
    ['POST /v1/chat/conversations', () => client.post(CONVERSATIONS, { title: 'Setup' })],
    ['GET /v1/chat/conversations', () => client.get(`${CONVERSATIONS}?limit=1&archived=false`)],
    ['GET /v1/chat/conversations (archived or not)', () => client.get(`${CONVERSATIONS}?limit=1`)],
    ['GET /v1/chat/conversations/{id}', () => client.get(`${CONVERSATIONS}/${first.conversationId}`)],
    [
      'PATCH /v1/chat/conversations/{id}',
      async () => client.patch(`${CONVERSATIONS}/${await begun()}`, { title: 'x' }),
    ],
    [
      'DELETE /v1/chat/conversations/{id}',
      async () => client.delete(`${CONVERSATIONS}/${(await said()).conversationId}`),
    ],
    [
      'GET /v1/chat/conversations/{id}/messages',
      () => client.get(`${CONVERSATIONS}/${first.conversationId}/messages?limit=1`),
    ],
    [
      'DELETE /v1/chat/conversations/{id}/messages/{messageId}',
      async () => {
        const { conversationId, userMessage } = await said();
        return client.delete(`${CONVERSATIONS}/${conversationId}/messages/${userMessage.messageId}`);
      },
    ],
    ['GET /v1/chat/actions/{id}', async () => client.get(await waiting('looked at'))],
    ['POST /v1/chat/actions/{id}/confirm', () => confirm('confirmed', true)],
    ['POST /v1/chat/actions/{id}/confirm (rejected)', () => confirm('rejected', false)],
    ['GET /v1/chat/tools', () => client.get('/v1/chat/tools')],
    ['GET /v1/chat/usage', () => client.get('/v1/chat/usage')],
    ['GET /v1/context', () => client.get('/v1/context?limit=1')],
    ['GET /v1/context/{contextType}', async () => client.get(await context('read'))],
    ['PUT /v1/context/{contextType}', () => client.put('/v1/context/new', { data: {} })],
    [
      'PUT /v1/context/{contextType} (there already)',
      async () => client.put(await context('replaced'), { data: {} }),
    ],
    ['DELETE /v1/context/{contextType}', async () => client.delete(await context('removed'))],
    ['GET /v1/memories', () => client.get('/v1/memories?limit=1')],
    ['POST /v1/memories', () => client.post('/v1/memories', { content: 'x' })],
    ['GET /v1/memories/{id}', async () => client.get(await memory())],
    ['PATCH /v1/memories/{id}', async () => client.patch(await memory(), { content: 'y' })],
    ['DELETE /v1/memories/{id}', async () => client.delete(await memory())],
  ];
}
