import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificationsService } from '../../src/modules/notifications/notifications.service.js';
import type { Client } from '../support/client.js';
import { type DocumentedOperation, operations } from '../support/openapi.js';
import { image, photo } from '../support/photos.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';

type Fields = Record<string, unknown>;

interface Sent {
  readonly client: Client;
  /** In place of the path's parameters, in their order. */
  readonly ids?: readonly unknown[];
  readonly body: unknown;
}

/** Examples with a secret that only a mail, an authenticator, a browser or AWS has: their form is right, and a code says what they lack. */
const REFUSED: Readonly<Record<string, string>> = {
  confirmAddress: 'AUTH_CODE_INVALID',
  resetPassword: 'AUTH_CODE_INVALID',
  answerChallenge: 'AUTH_CHALLENGE_FAILED',
  confirmEmail: 'AUTH_CODE_INVALID',
  undoEmailChange: 'AUTH_LINK_INVALID',
  acceptInvite: 'USER_EXISTS',
  verifyTotp: 'AUTH_CODE_INVALID',
  removeTotp: 'AUTH_CODE_INVALID',
  regenerateBackupCodes: 'AUTH_CODE_INVALID',
  registerDevice: 'PUSH_UNAVAILABLE',
  removeDevice: 'DEVICE_NOT_FOUND',
  reportMail: 'WEBHOOK_REFUSED',
};

const exampled = operations.filter(
  (operation) => operation['x-alias-of'] === undefined && operation.requestBody?.content['application/json'],
);
const exampleOf = ({ requestBody }: DocumentedOperation) =>
  requestBody?.content['application/json']?.example as Fields;

describe('Every example of a request', () => {
  let app: TestApp;
  let owner: Person;
  let ids: Readonly<Record<string, readonly unknown[]>>;
  let special: Readonly<Record<string, (example: Fields) => Promise<Sent>>>;

  const made = async (path: string, body: object): Promise<Fields> => {
    const { status, data, text } = await owner.client.post(path, body);
    if (status !== 201) throw new Error(text);
    return data as Fields;
  };
  const task = () => made('/v1/quests', { type: 'task', title: 'Restring', dueDate: '2030-01-01' });
  const draft = () =>
    made('/v1/blog/posts', { title: 'Draft', excerpt: 'x', content: 'x', category: 'x', tags: [] });

  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    const member = await app.person();
    const goal = await made('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2030-01-01' });
    const milestone = await made(`/v1/quests/goals/${String(goal['id'])}/milestones`, { title: 'One' });
    const rule = await made('/v1/quests/recurrence-rules', {
      title: 'Practise',
      frequency: 'daily',
      startDate: '2030-06-01',
    });
    const guitar = await made('/v1/guitars', {
      brand: 'Fender',
      model: 'Strat',
      year: 1964,
      notes: [{ content: 'x' }],
    });
    const note = (guitar['notes'] as Fields[])[0] ?? {};
    const { imageId } = await image(owner);
    const notifications = (app.running as SocketApp).app.get(NotificationsService, { strict: false });
    await notifications.raise(owner.userId, [{ kind: 'questDue', title: 'Due', body: null, link: null }]);
    const [notification] = (await owner.client.get('/v1/notifications')).data as Fields[];
    const post = await draft();
    await owner.client.post(`/v1/blog/posts/${String(post['id'])}/publish`);
    const project = await made('/v1/projects', { name: 'One', description: 'x', tech: ['x'] });
    const certification = await made('/v1/certifications', {
      name: 'One',
      issuer: 'x',
      type: 'course',
      dateEarned: '2020-01-01',
    });
    const memory = await made('/v1/memories', { content: 'x' });
    const conversation = await made('/v1/chat/conversations', {});
    ids = {
      '/v1/users/{id}': [member.userId],
      '/v1/notifications/{id}': [notification?.['id']],
      '/v1/quests/goals/{goalId}/milestones': [goal['id'], milestone['id']],
      '/v1/quests/recurrence-rules/{id}': [rule['id']],
      '/v1/guitars/{guitarId}/notes': [guitar['id'], note['id']],
      '/v1/guitars/{id}': [guitar['id']],
      '/v1/images/{id}': [imageId],
      '/v1/blog/posts/{id}': [post['id']],
      '/v1/projects/{id}': [project['id']],
      '/v1/certifications/{id}': [certification['id']],
      '/v1/memories/{id}': [memory['id']],
      '/v1/chat/conversations/{id}': [conversation['id']],
      '/v1/context/{contextType}': ['assistant'],
    };
    const own = async (body: unknown): Promise<Sent> => ({ client: (await app.person()).client, body });
    special = {
      refresh: async () => {
        const { refreshToken } = await app.person();
        return { client: app.client, body: { refreshToken } };
      },
      changePassword: own,
      changeEmail: own,
      eraseUser: own,
      logout: own,
      enrolTotp: own,
      verifyTotp: own,
      updateQuest: async (body) => ({ client: owner.client, ids: [(await task())['id']], body }),
      completeQuest: async (body) => ({ client: owner.client, ids: [(await task())['id']], body }),
      publishPost: async (body) => ({ client: owner.client, ids: [(await draft())['id']], body }),
      schedulePost: async (body) => ({ client: owner.client, ids: [(await draft())['id']], body }),
      setGuitarImages: async (body) => {
        const [first] = body as unknown as Fields[];
        return { client: owner.client, ids: [guitar['id']], body: [{ ...first, imageId }] };
      },
      trackView: async (body) => ({ client: app.client, body: { ...body, contentId: post['id'] } }),
      completeUpload: async (body) => {
        const bytes = await photo();
        const upload = await made('/v1/images/upload-url', { fileName: 'x.jpg', fileType: 'image/jpeg' });
        const headers = upload['headers'] as Record<string, string>;
        await fetch(upload['uploadUrl'] as string, { method: 'PUT', headers, body: new Uint8Array(bytes) });
        return { client: owner.client, body: { ...body, imageKey: upload['imageKey'] } };
      },
      confirmAction: async (body) => {
        const { client } = await app.person();
        await client.post('/v1/quests', { type: 'task', title: 'Restring', dueDate: '2030-01-01' });
        const { data } = await client.post('/v1/chat/messages', { message: 'delete restring' });
        return { client, ids: [data.actions.at(-1).id], body };
      },
    };
  });
  afterAll(() => app.stop());

  const sent = async (operation: DocumentedOperation): Promise<Sent & { path: string }> => {
    const { operationId, path, security = [] } = operation;
    const isPublic = security.length === 0;
    const example = exampleOf(operation);
    const plain: Sent = { client: isPublic ? app.client : owner.client, body: example };
    const request = (await special[operationId]?.(example)) ?? plain;
    const prefix = Object.keys(ids).find((each) => path.startsWith(each)) ?? '';
    const values = [...(request.ids ?? ids[prefix] ?? [])];
    return { ...request, path: path.replaceAll(/\{\w+\}/g, () => String(values.shift())) };
  };

  it.each(exampled.map((operation) => [operation.operationId, operation] as const))(
    '%s gets the documented success',
    async (operationId, operation) => {
      const { client, path, body } = await sent(operation);
      const { status, error, text } = await client.request(operation.method.toUpperCase(), path, { body });
      const refusal = REFUSED[operationId];
      if (refusal !== undefined) return expect([operationId, error.code]).toEqual([operationId, refusal]);
      const success = Object.keys(operation.responses).filter((each) => each.startsWith('2'));
      return expect([success, status, text]).toEqual([
        expect.arrayContaining([String(status)]),
        status,
        text,
      ]);
    },
  );
});
