import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';
import { image, receipt } from '../support/photos.js';

type Fields = Record<string, unknown>;

/** Names that clients of the five seeds look for, each beside the canonical name (docs/conventions.md, "Names"). */
describe('A resource answers the seed’s name beside the canonical one', () => {
  let app: TestApp;
  let owner: Person;
  let answers: Readonly<Record<string, Fields>>;

  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    const { client } = owner;
    const made = async (path: string, body: object) => (await client.post(path, body)).data as Fields;
    const first = async (path: string) => ((await client.get(path)).data as Fields[])[0] ?? {};
    const { imageId } = await image(owner);
    const guitar = await made('/v1/guitars', {
      brand: 'Fender',
      model: 'Strat',
      images: [{ imageId }],
    });
    await receipt(owner, { guitarId: guitar['id'] as string });
    const rule = { title: 'Practise', frequency: 'daily', startDate: '2090-01-01' };
    await client.put('/v1/context/assistant', { data: {} });
    const sent = await made('/v1/chat/messages', { message: 'hello' });
    const message = sent['userMessage'] as Fields;
    const messages = `/v1/chat/conversations/${String(message['conversationId'])}/messages`;
    const stored = (await client.get(`/v1/guitars/${String(guitar['id'])}`)).data as Fields;
    answers = {
      guitar,
      'listed guitar': await first('/v1/guitars'),
      'photo of a guitar': (stored['images'] as Fields[])[0] ?? {},
      'private info': {
        ...(stored['privateInfo'] as Fields),
        receipt: (stored['receipt'] as Fields)['url'],
      },
      image: (await client.get(`/v1/images/${imageId}`)).data,
      rule: await made('/v1/quests/recurrence-rules', rule),
      'listed rule': await first('/v1/quests/recurrence-rules'),
      goal: await made('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2030-01-01' }),
      message: { ...message, owner: owner.userId },
      'listed message': { ...(await first(messages)), owner: owner.userId },
      'message in the history': { ...(await first('/v1/chat/history')), owner: owner.userId },
      context: { ...(await first('/v1/context')), owner: owner.userId },
      session: await first('/v1/auth/sessions'),
      profile: (await client.get('/v1/user/profile')).data,
      user: (await client.get(`/v1/users/${owner.userId}`)).data,
      me: (await client.get('/v1/auth/user')).data,
      'removed message': (await client.delete(`${messages}/${String(message['messageId'])}`)).data,
    };
  });
  afterAll(() => app.stop());

  it.each([
    ['guitar', 'guitarId', 'id'],
    ['listed guitar', 'guitarId', 'id'],
    ['photo of a guitar', 'imageId', 'id'],
    ['image', 'imageId', 'id'],
    ['rule', 'recurrenceRuleId', 'id'],
    ['listed rule', 'recurrenceRuleId', 'id'],
    ['goal', 'dueDate', 'targetDate'],
    ['message', 'userId', 'owner'],
    ['listed message', 'userId', 'owner'],
    ['message in the history', 'userId', 'owner'],
    ['context', 'userId', 'owner'],
    ['session', 'sessionId', 'id'],
    ['profile', 'userRole', 'role'],
    ['user', 'userRole', 'role'],
    ['me', 'userRole', 'role'],
    ['removed message', 'messageId', 'id'],
  ])('%s: %s is %s', (resource, name, canonical) => {
    const answer = answers[resource] ?? {};
    expect(answer[canonical]).toBeDefined();
    expect(answer[name]).toEqual(answer[canonical]);
  });

  it('private info: receiptUrl is where an uploaded receipt can be read, and is not kept when it is sent back', async () => {
    const { receiptUrl, receipt: url } = answers['private info'] ?? {};
    const path = (address: unknown) => new URL(String(address)).pathname;
    expect(path(receiptUrl)).toBe(path(url));
    const { data: guitar } = await owner.client.get(`/v1/guitars/${String(answers['guitar']?.['id'])}`);
    const { status, data } = await owner.client.put(`/v1/guitars/${guitar.id}`, guitar);
    expect([status, data.version]).toEqual([200, guitar.version]);
    const cleared = await owner.client.put(`/v1/guitars/${guitar.id}`, {
      privateInfo: { ...data.privateInfo, receiptImageId: null },
    });
    expect(cleared.data.privateInfo.receiptUrl).toBeUndefined();
  });
});
