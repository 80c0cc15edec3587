import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Gateway } from '../support/deployment/gateway.js';
import { type ApiDocument, routeFaults } from '../support/deployment/routes.js';
import { ofType, templateOf } from '../support/deployment/template.js';

const document = (): ApiDocument => JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as ApiDocument;

describe('The comparison of routes with the API’s description', () => {
  it('sees a route that is added in code and not in the template', () => {
    const more = document();
    more.paths['/guitars/{id}/strings'] = { get: { security: [{ bearerAuth: [] }] } };
    expect(routeFaults(templateOf('prod'), more)).toContain('GET /v1/guitars/{id}/strings has 0 routes');
  });

  it('sees a route that is in the template and no more in code', () => {
    const fewer = document();
    delete fewer.paths['/guitars/stats'];
    expect(routeFaults(templateOf('prod'), fewer)).toContain('GET /v1/guitars/stats is no operation');
  });

  it('sees a private operation that becomes public, and a public one that becomes private', () => {
    const other = document();
    (other.paths['/guitars'] as Record<string, object>)['get'] = { security: [] };
    (other.paths['/blog/posts'] as Record<string, object>)['get'] = { security: [{ bearerAuth: [] }] };
    expect(routeFaults(templateOf('prod'), other)).toEqual(
      expect.arrayContaining([
        'GET /v1/guitars is checked by the gateway',
        'GET /v1/blog/posts is not checked by the gateway',
      ]),
    );
  });

  it('sees a pattern that swallows another route', () => {
    const template = templateOf('prod');
    const [id] = ofType(template, 'AWS::ApiGatewayV2::Route').find(
      ([, { Properties }]) => Properties['RouteKey'] === 'GET /v1/guitars/brands',
    ) as [string, unknown];
    delete template.Resources[id];
    expect(routeFaults(template, document())).toContain(
      'GET /v1/guitars/brands is swallowed by GET /v1/guitars/{id}',
    );
  });
});

describe('The gateway of the tests', () => {
  const gateway = new Gateway(templateOf('prod'));
  it.each([
    ['GET', '/v1/guitars/brands', 'GET /v1/guitars/brands'],
    ['GET', '/v1/guitars/0190', 'GET /v1/guitars/{id}'],
    ['GET', '/v1/quests/calendar.ics', 'GET /v1/quests/calendar.ics'],
    ['GET', '/v1/guitars/0190/unknown', '$default'],
    ['HEAD', '/v1/guitars', '$default'],
    ['POST', '/v1/images/upload-complete/', '$default'],
  ])('%s %s takes %s, as API Gateway does', (method, path, key) => {
    expect(gateway.route(method, path)?.key).toBe(key);
  });
});
