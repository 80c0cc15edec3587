import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gateway } from '../support/deployment/gateway.js';
import { type ApiDocument, concrete, operationsOf } from '../support/deployment/routes.js';
import { templateOf } from '../support/deployment/template.js';
import { isolatedEnvironment } from '../support/environment.js';
import { version2Event } from '../support/gateway-events.js';
import { PackagedFunction } from '../support/packaged-function.js';

const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as ApiDocument;

describe('Events of the template’s own routes', () => {
  const functions: Record<string, PackagedFunction> = {};
  beforeAll(async () => {
    const environment = await isolatedEnvironment();
    functions['api'] = PackagedFunction.start('api/dist/lambda.js', environment);
    functions['images'] = PackagedFunction.start('images/dist/images-lambda.js', environment);
  });
  afterAll(() => Promise.all(Object.values(functions).map((each) => each.stop())));

  /** What a function says to a request that carries nothing. */
  const ask = async (name: string, method: string, path: string) => {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' };
    const headers = { 'content-type': 'application/json' };
    const event = version2Event({ method, path: concrete(path), headers, from: '192.0.2.1', ...body });
    const { result, error } = (await functions[name]?.invoke(event)) ?? {};
    if (error) throw new Error(`${method} ${path}: ${error}`);
    const answer = result as { statusCode: number; body: string };
    const code = /"code":"(\w+)"/.exec(answer.body)?.[1] ?? '';
    return { status: answer.statusCode, code, known: code !== 'NOT_FOUND' && code !== 'METHOD_NOT_ALLOWED' };
  };

  it('reach the packaged functions: every operation, through the one route it has, with the authorizer exactly where it is private', async () => {
    const gateway = new Gateway(templateOf('prod'));
    const surprises: string[] = [];
    let reached = 0;
    for (const { method, path, needsToken } of operationsOf(document)) {
      const name = `${method} ${path}`;
      const { target = '', checked } = gateway.route(method, concrete(path)) ?? {};
      const own = await ask(target, method, path);
      if (!own.known || own.status >= 500)
        surprises.push(`${name} is not in ${target}: ${own.status} ${own.code}`);
      // The gateway looks at tokens first, and the app does so again. A refresh token in the body stands in for one at the logout.
      const wantsToken = needsToken || path === '/v1/auth/logout';
      if (checked !== needsToken || (own.code === 'AUTH_UNAUTHORIZED') !== wantsToken)
        surprises.push(`${name}: checked by the gateway ${checked}, by the app ${own.code}`);
      reached += 1;
    }
    process.stdout.write(`operations reached through their routes: ${reached}\n`);
    expect(surprises).toEqual([]);
    expect(reached).toBe(operationsOf(document).length);
  });
});
