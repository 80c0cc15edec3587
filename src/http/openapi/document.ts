import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from '../../config/version.js';
import { headerComponents } from './answers.js';
import { ErrorEnvelope, PageMeta } from './envelope.dto.js';
import { addExamples } from './examples.js';
import { completeOperation, type Operation } from './operations.js';
import { operationIdOf, type Route, routesOf } from './routes.js';
import { finishSchemas } from './schemas.js';

const TAGS: readonly [string, string][] = [
  ['System', 'Whether the API runs, and what its errors mean.'],
  ['Authentication', 'Accounts, sign-in and tokens.'],
  ['Users', 'Profile, preferences, administration, and the right to leave.'],
  ['Invites', 'Who may join.'],
  ['Webhooks', 'What other services report.'],
  ['Quests', 'Goals, tasks, and rules by which tasks recur.'],
  ['Notifications', 'What a person is told, how, and when.'],
  ['Guitars', 'A collection, with notes, photos and what it is worth.'],
  ['Images', 'Photos and receipts: uploaded past this API, then looked at.'],
  ['Portfolio', 'What the public site is called, and the résumé.'],
  ['Blog Posts', 'Posts in Markdown, from draft to feed.'],
  ['Projects', 'What was made.'],
  ['Certifications', 'What was learnt, and until when it holds.'],
  ['Visitors', 'How many came; nothing that tells who.'],
  ['Analytics', 'What was looked at, and how that changes.'],
  ['Chat', 'An assistant that remembers, and acts on what is the caller’s own.'],
  ['Context', 'What the assistant knows of the caller: theirs to see, change and remove.'],
];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Where all routes are but those of the root, such as `/health`. */
const PREFIX = '/v1';
const LAPTOP = 'http://localhost:3000';

/**
 * The OpenAPI document: what Nest's plugin reads from the code, completed by what the decorators say of answers and
 * errors, and by what follows from a route's shape (401 where a token is needed, 415 where a body is taken, …).
 */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Hearth')
    .setVersion(VERSION)
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(PREFIX, 'The server that this document comes from')
    .addServer(`${LAPTOP}${PREFIX}`, 'A laptop')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearerAuth');
  for (const [name, description] of TAGS) builder.addTag(name, description);

  const routes = routesOf(app);
  const models = routes.flatMap(({ description: { gives, accepts, moves } }) => [
    ...(gives?.models ?? []),
    ...(accepts ? [accepts] : []),
    ...(moves ? [moves] : []),
  ]);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: operationIdOf,
    extraModels: [...models, ErrorEnvelope, PageMeta],
  });
  document.components = { ...document.components, headers: headerComponents() };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) completeOperation(document, operation, ...identify(operation, method, routes));
    }
  }
  finishSchemas(document);
  addExamples(document);
  document.paths = Object.fromEntries(Object.entries(document.paths).map(served));
  return document;
}

/** Several paths of one handler are numbered in its operationId. */
function identify(
  { operationId = '' }: Operation,
  method: string,
  routes: readonly Route[],
): [{ method: string; isPathAlias: boolean }, Route] {
  const [, id, position = '0'] = /^(\w+)(?:\[(\d+)\])?$/.exec(operationId) ?? [];
  const route = routes.find((each) => each.operationId === id);
  if (!route) throw new Error(`No handler is known for the operation ${operationId}`);
  return [{ method, isPathAlias: position !== '0' }, route];
}

type PathItem = OpenAPIObject['paths'][string];

/** The prefix is in the servers; what is at the root has servers of its own. */
function served([path, item]: [string, PathItem]): [string, PathItem] {
  if (path.startsWith(`${PREFIX}/`)) return [path.slice(PREFIX.length), item];
  const servers = [
    { url: '/', description: 'The server that this document comes from' },
    { url: LAPTOP, description: 'A laptop' },
  ];
  return [path, { ...item, servers }];
}

const DESCRIPTION = [
  'One backend for what a person builds for themselves.',
  '',
  'Every success is `{"success":true,"data":…,"meta"?}`, every failure `{"success":false,"error":{…}}` with a code of',
  '`GET /v1/errors`. Lists take `limit` and `cursor`; `meta.nextCursor` is null on the last page. Single resources carry',
  'an `ETag`: send it as `If-Match` to change only what you have seen, as `If-None-Match` to save the answer. Creating',
  'POSTs take an `Idempotency-Key`. Every answer has an `X-Request-Id`.',
  '',
  'Behind API Gateway, the gateway itself may refuse a request (401, 413, 429, 503) with its own body',
  '`{"message":…}` before it reaches the API; where a firewall stands before that, whoever goes past it is refused with',
  '403 `ORIGIN_REFUSED`.',
].join('\n');
