import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { document, operations, resolved, type SchemaObject as Property } from '../support/openapi.js';
import { TestApp } from '../support/test-app.js';

/** What the route takes that does the same: a body, or a query. */
interface Same {
  readonly body?: string;
  readonly query?: string;
  readonly besides?: readonly string[];
}

const SAME_AS: Record<string, Same> = {
  create_quest: { body: 'CreateQuest' },
  list_quests: { query: 'listQuests' },
  complete_quest: { besides: ['id', 'type'] },
  update_quest: { body: 'UpdateQuest', besides: ['id', 'type'] },
  delete_quest: { besides: ['id', 'type'] },
  list_guitars: { query: 'listGuitars' },
  get_guitar: { besides: ['id'] },
  draft_post: { body: 'CreatePost' },
  list_posts: { query: 'listPosts' },
  publish_post: { besides: ['id'] },
  remember: { body: 'CreateMemory' },
  list_memories: {},
  forget: { besides: ['id'] },
  get_context: { besides: ['contextType'] },
  save_context: { body: 'PutContext', besides: ['contextType'] },
};

describe('What models are told of tools', () => {
  let app: TestApp;
  let tools: { name: string; parameters: { properties: Record<string, Property>; required?: string[] } }[];
  beforeAll(async () => {
    app = await TestApp.start();
    tools = (await (await app.owner()).client.get('/v1/chat/tools')).data;
  });
  afterAll(() => app.stop());

  const taken = ({ body, query }: Same): Record<string, Property> => {
    if (body !== undefined) return document.components.schemas[body]?.properties ?? {};
    const { parameters = [] } = operations.find(({ operationId }) => operationId === query) ?? {};
    return Object.fromEntries(
      parameters.filter((parameter) => parameter.in === 'query').map(({ name, schema }) => [name, schema]),
    );
  };

  it('each has a route that does the same', () => {
    expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(SAME_AS).sort());
  });

  it.each(Object.entries(SAME_AS))(
    '%s takes what the route takes, and nothing that it would refuse',
    (name, same) => {
      const { properties, required = [] } = tools.find((tool) => tool.name === name)?.parameters ?? {
        properties: {},
      };
      const known = taken(same);
      for (const [property, told] of Object.entries(properties)) {
        if (same.besides?.includes(property)) continue;
        expect(Object.keys(known)).toContain(property);
        const route = resolved(known[property] ?? {});
        if (told.enum) expect([...told.enum].sort()).toEqual([...(route.enum ?? [])].sort());
        if (told.maxLength !== undefined) expect(told.maxLength).toBe(route.maxLength);
        if (told.maxItems !== undefined) expect(told.maxItems).toBe(route.maxItems);
        if (told.minimum !== undefined) expect(told.minimum).toBeGreaterThanOrEqual(route.minimum ?? 0);
        if (told.maximum !== undefined) expect(told.maximum).toBeLessThanOrEqual(route.maximum ?? 0);
      }
      expect(required.filter((property) => !(property in properties))).toEqual([]);
    },
  );
});
