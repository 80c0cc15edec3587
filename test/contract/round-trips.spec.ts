import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificationsService } from '../../src/modules/notifications/notifications.service.js';
import { document, operations, resolved, type SchemaObject } from '../support/openapi.js';
import { image, receipt } from '../support/photos.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';

/** One resource: where it is changed, and how it is read where that is not by GET of the same path. */
interface Resource {
  readonly path: string;
  readonly read?: () => Promise<Record<string, unknown>>;
}

type Fields = Record<string, unknown>;

/** What S3 signs an address with changes every five minutes. */
const unsigned = (fields: Fields): unknown =>
  JSON.parse(JSON.stringify(fields).replaceAll(/\?X-Amz-[^"]*/g, ''));

const TASK = { type: 'task', title: 'Restring', dueDate: '2030-01-01', priority: 'low', category: 'care' };
const POST = { title: 'First', excerpt: 'Short', content: '# Long', category: 'Music', tags: ['one'] };
const CERTIFICATION = { name: 'Luthier', issuer: 'Guild', type: 'course', dateEarned: '2020-01-01' };

/** Values for fields of which any other text will not do. */
const OTHER_VALUES: Readonly<Record<string, unknown>> = {
  username: 'another-name',
  timezone: 'Europe/Stockholm',
  slug: 'another-slug',
  coverImageUrl: 'https://example.com/another.png',
  canonicalUrl: 'https://example.com/another',
  siteUrl: 'https://another.example.com',
  blogPath: '/words',
  language: 'sv',
  role: 'admin',
  interval: 3,
  basics: { name: 'Ada Example' },
};

/** Fields that say something only together with others; specs of their modules have them. */
const TOGETHER = new Set([
  'goalId',
  'rrule',
  'count',
  'endDate',
  'daysOfWeek',
  'exceptions',
  'quietHours',
  'status',
]);

describe('What was answered may be sent back', () => {
  let app: TestApp;
  let owner: Person;
  let resources: Readonly<Record<string, Resource>>;

  const made = async (path: string, body: object): Promise<Fields> => {
    const { status, data, text } = await owner.client.post(path, body);
    if (status !== 201) throw new Error(text);
    return data as Fields;
  };

  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    const member = await app.person();
    const task = await made('/v1/quests', TASK);
    const goal = await made('/v1/quests', { ...TASK, type: 'goal' });
    const milestones = `/v1/quests/goals/${String(goal['id'])}/milestones`;
    const milestone = await made(milestones, { title: 'Half-way' });
    const rule = await made('/v1/quests/recurrence-rules', {
      title: 'Practise',
      frequency: 'weekly',
      startDate: '2090-01-01',
    });
    const { imageId } = await image(owner);
    const guitar = await made('/v1/guitars', {
      brand: 'Fender',
      model: 'Strat',
      year: 1964,
      images: [{ imageId, caption: 'Front' }],
      notes: [{ content: 'Bought' }],
      detailedSpecs: { weight: '3 kg', own: 'x' },
      privateInfo: { purchasePrice: 1299.5, currency: 'EUR' },
    });
    await receipt(owner, { guitarId: String(guitar['id']) });
    const guitarPath = `/v1/guitars/${String(guitar['id'])}`;
    const note = (guitar['notes'] as Fields[])[0] ?? {};
    const notifications = (app.running as SocketApp).app.get(NotificationsService, { strict: false });
    await notifications.raise(owner.userId, [{ kind: 'questDue', title: 'Due', body: null, link: null }]);
    const [notification] = (await owner.client.get('/v1/notifications')).data as Fields[];
    await owner.client.put('/v1/context/assistant', { data: { tone: 'brief' }, ttlSeconds: 86_400 });
    const listed = (path: string, id: unknown) => async () => {
      const { data } = await owner.client.get(path);
      return (data as Fields[]).find((each) => each['id'] === id) ?? {};
    };
    const under = (path: string, { id }: Fields) => ({ path: `${path}/${String(id)}` });
    resources = {
      '/user/profile': { path: '/v1/user/profile' },
      '/user/name': {
        path: '/v1/user/name',
        read: async () => (await owner.client.get('/v1/user/profile')).data,
      },
      '/user/preferences': { path: '/v1/user/preferences' },
      '/users/{id}': { path: `/v1/users/${member.userId}` },
      '/notifications/preferences': { path: '/v1/notifications/preferences' },
      '/notifications/{id}': {
        ...under('/v1/notifications', notification ?? {}),
        read: listed('/v1/notifications', notification?.['id']),
      },
      '/quests/goals/{goalId}/milestones/{milestoneId}': {
        ...under(milestones, milestone),
        read: listed(milestones, milestone['id']),
      },
      '/quests/recurrence-rules/{id}': under('/v1/quests/recurrence-rules', rule),
      '/quests/{id}': under('/v1/quests', task),
      '/quests/{id} of a goal': under('/v1/quests', goal),
      '/guitars/{id}': { path: guitarPath },
      '/guitars/{guitarId}/notes/{noteId}': {
        ...under(`${guitarPath}/notes`, note),
        read: async () => {
          const { data } = await owner.client.get(guitarPath);
          const found = (data.notes as Fields[]).find(({ id }) => id === note['id']);
          return { ...found, guitarId: guitar['id'] };
        },
      },
      '/images/{id}': under('/v1/images', { id: imageId }),
      '/portfolio/settings': { path: '/v1/portfolio/settings' },
      '/blog/posts/{id}': under('/v1/blog/posts', await made('/v1/blog/posts', POST)),
      '/projects/{id}': under(
        '/v1/projects',
        await made('/v1/projects', { name: 'Hearth', description: 'A backend', tech: ['NestJS'] }),
      ),
      '/certifications/{id}': under('/v1/certifications', await made('/v1/certifications', CERTIFICATION)),
      '/resume/basics': { path: '/v1/resume/basics' },
      '/context/{contextType}': { path: '/v1/context/assistant' },
      '/memories/{id}': under('/v1/memories', await made('/v1/memories', { content: 'Likes tea' })),
      '/chat/conversations/{id}': under(
        '/v1/chat/conversations',
        await made('/v1/chat/conversations', { title: 'Talk' }),
      ),
    };
  });
  afterAll(() => app.stop());

  const pathsWith = (method: string) =>
    operations.filter((each) => each.method === method).map(({ path }) => path.replace(/^\/v1\b/, ''));
  /** Its body is the list itself. */
  const LIST = '/guitars/{id}/images';
  const updatable = pathsWith('put').filter((path) => path !== LIST);
  const names = [...updatable, '/quests/{id} of a goal'];

  const resourceOf = (name: string): Resource => {
    const resource = resources[name];
    if (!resource) throw new Error(`There is no resource for ${name}`);
    return resource;
  };
  const read = async ({ path, read: other }: Resource): Promise<Fields> =>
    other ? other() : ((await owner.client.get(path)).data as Fields);
  const bodyOf = (name: string): SchemaObject => {
    const operation = operations.find(
      (each) => each.method === 'put' && each.path.replace(/^\/v1\b/, '') === name.replace(/ of .*/, ''),
    );
    return resolved(operation?.requestBody?.content['application/json']?.schema ?? {});
  };
  const isFree = (name: string) => name === '/user/preferences';

  it('by PUT and PATCH alike', () => {
    expect(pathsWith('patch').sort()).toEqual(pathsWith('put').sort());
    const updates = operations.filter(({ method }) => method === 'put' || method === 'patch');
    for (const { operationId, 'x-alias-of': aliasOf, deprecated } of updates)
      expect([operationId, deprecated]).toEqual(
        operationId.endsWith('Alias') ? [`${aliasOf}Alias`, true] : [operationId, undefined],
      );
    expect(new Set(updates.map((each) => each['x-alias-of'] ?? each.operationId)).size).toBe(
      updates.length / 2,
    );
  });

  describe.each(names)('%s', (name) => {
    it.each(['PUT', 'PATCH'])('and nothing is changed by %s of what is there', async (method) => {
      const resource = resourceOf(name);
      const before = await read(resource);
      for (const body of [before, ...(bodyOf(name).required ? [] : [{}])]) {
        const { status, text, data } = await owner.client.request(method, resource.path, { body });
        expect([status, text]).toEqual([200, expect.anything()]);
        const after = await read(resource);
        expect(unsigned(after)).toEqual(unsigned(before));
        if ('version' in data) expect(data.version).toBe(before['version']);
      }
    });

    it('with one field changed', async () => {
      const resource = resourceOf(name);
      const { properties = {} } = bodyOf(name);
      let changes = 0;
      for (const field of Object.keys(properties)) {
        const before = await read(resource);
        const other = otherValue(field, before[field], resolved(properties[field] ?? {}));
        // Of two names of one date, each is changed to a day of its own.
        const value = field === 'targetDate' ? '2032-03-04' : other;
        if (!(field in before) || value === undefined || TOGETHER.has(field)) continue;
        const method = changes % 2 === 0 ? 'PUT' : 'PATCH';
        const body = { ...before, [field]: value };
        const { status, text } = await owner.client.request(method, resource.path, { body });
        expect([field, status, text]).toEqual([field, 200, expect.anything()]);
        const after = await read(resource);
        expect({ [field]: after[field] }).toEqual({ [field]: value });
        if (typeof before['version'] === 'number') expect(after['version']).toBe(before['version'] + 1);
        changes += 1;
      }
      if (!isFree(name)) expect(changes).toBeGreaterThan(0);
    });

    it('but not with another version than the stored one, nor with unknown fields', async () => {
      const resource = resourceOf(name);
      const before = await read(resource);
      if (typeof before['version'] === 'number') {
        const stale = { ...before, version: before['version'] + 1 };
        const { status, error } = await owner.client.put(resource.path, stale);
        expect([status, error.code]).toEqual([412, 'PRECONDITION_FAILED']);
      }
      if (!isFree(name)) {
        const { status, error } = await owner.client.put(resource.path, { ...before, misspelt: 1 });
        expect([status, error.details?.map(({ field }) => field)]).toEqual([400, ['misspelt']]);
      }
      expect(unsigned(await read(resource))).toEqual(unsigned(before));
    });

    it('read-only fields are those that only the answer has', async () => {
      if (isFree(name)) return;
      const resource = resourceOf(name);
      const { properties = {} } = bodyOf(name);
      const answered = Object.keys(await read(resource)).filter((field) => !(field in properties));
      const nonsense = Object.fromEntries(answered.map((field) => [field, { any: ['thing'] }]));
      const before = await read(resource);
      const body = { ...before, ...nonsense };
      const { status, text } = await owner.client.put(resource.path, body);
      expect([status, text]).toEqual([200, expect.anything()]);
      expect(unsigned(await read(resource))).toEqual(unsigned(before));
    });
  });

  it('all of them', () => {
    expect(Object.keys(document.paths).length).toBeGreaterThan(100);
    expect(names.filter((name) => !(name in resources))).toEqual([]);
  });
});

/** Another value of the same kind; undefined where there is none without knowing more. */
function otherValue(field: string, before: unknown, schema: SchemaObject): unknown {
  if (field in OTHER_VALUES) return OTHER_VALUES[field];
  if (field === 'version') return undefined;
  const kinds = schema.anyOf ?? [schema];
  const words = kinds.flatMap((kind) => resolved(kind).enum ?? []).filter((word) => word !== null);
  if (words.length > 0) return words.find((word) => word !== before);
  const type = kinds.flatMap((kind) => resolved(kind).type ?? []).find((each) => each !== 'null');
  if (type === 'boolean') return before !== true;
  if (type === 'integer' || type === 'number') return typeof before === 'number' ? before + 1 : 7;
  if (type !== 'string') return undefined;
  const format = kinds.map((kind) => resolved(kind).format).find(Boolean);
  if (format === 'date' || /[Dd]ate/.test(field)) return '2031-02-03';
  if (format === 'date-time' || field.endsWith('At')) return '2031-02-03T10:00:00.000Z';
  if (format === 'uuid') return undefined;
  if (format === 'uri' || field.endsWith('Url')) return 'https://example.com/other';
  return typeof before === 'string' ? `${before} again` : 'Other';
}
