// The packaged functions under AWS's own runtime interface client, which is what runs them on Lambda: every operation of
// the template's routes, through the runtime's own protocol. Optional: the client is compiled when it is installed.
//   apt-get install -y autoconf automake libtool cmake unzip g++ python3
//   npm install --prefix /tmp/ric aws-lambda-ric
//   npm run package && npm run templates && npm run lambda-runtime -- /tmp/ric/node_modules/aws-lambda-ric
// The protocol: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gatewayEvent, openSandbox } from './lambda-sandbox.mjs';

const [client] = process.argv.slice(2);
if (!client) {
  process.stderr.write('Where is it? npm run lambda-runtime -- <directory of aws-lambda-ric>\n');
  process.exit(2);
}
const LIMIT_MS = 30_000;

/** Lambda, as far as one function's process can see it. */
class RuntimeApi {
  waiting = [];
  events = [];
  answers = new Map();
  server = createServer((request, response) => void this.handle(request, response));

  async start() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${this.server.address().port}`;
  }

  invoke(event) {
    const id = randomUUID();
    const answer = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no answer in time')), LIMIT_MS);
      this.answers.set(id, (outcome) => {
        clearTimeout(late);
        resolve(outcome);
      });
    });
    this.events.push({ id, event });
    this.handOut();
    return answer;
  }

  async handle(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const [, , , kind, id, what] = request.url.split('/');
    if (kind === 'invocation' && id === 'next') {
      this.waiting.push(response);
      return this.handOut();
    }
    const outcome = {
      [what === 'response' ? 'result' : 'error']: JSON.parse(Buffer.concat(chunks).toString()),
    };
    this.answers.get(id)?.(outcome);
    response.writeHead(202).end('{}');
    return undefined;
  }

  handOut() {
    while (this.waiting.length > 0 && this.events.length > 0) {
      const { id, event } = this.events.shift();
      this.waiting
        .shift()
        .writeHead(200, {
          'Content-Type': 'application/json',
          'Lambda-Runtime-Aws-Request-Id': id,
          'Lambda-Runtime-Deadline-Ms': String(Date.now() + LIMIT_MS),
          'Lambda-Runtime-Invoked-Function-Arn':
            'arn:aws:lambda:eu-north-1:123456789012:function:hearth-dev-api',
        })
        .end(JSON.stringify(event));
    }
  }
}

const sandbox = await openSandbox();
const runtimes = [];
async function start(name, handler) {
  const api = new RuntimeApi();
  const root = join(sandbox.directory, name);
  const child = spawn(process.execPath, [join(client, 'bin/index.mjs'), handler], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      ...sandbox.environment,
      AWS_LAMBDA_RUNTIME_API: await api.start(),
      AWS_LAMBDA_FUNCTION_NAME: `hearth-dev-${name}`,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_REGION: 'eu-north-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      LAMBDA_TASK_ROOT: root,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  runtimes.push({ api, child });
  return api;
}

const { Resources } = JSON.parse(readFileSync('.serverless/templates/dev.json', 'utf8'));
const keys = Object.values(Resources)
  .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
  .map(({ Properties }) => Properties.RouteKey)
  .filter((key) => key !== '$default');
try {
  const functions = {
    api: await start('api', 'dist/lambda.handler'),
    images: await start('images', 'dist/images-lambda.handler'),
  };
  const surprises = [];
  for (const key of keys) {
    const [method, path] = key.split(' ');
    const target = key === 'POST /v1/images/upload-complete' ? 'images' : 'api';
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const { result, error } = await functions[target].invoke(
      gatewayEvent(method, path.replaceAll(/\{(\w+)\}/g, 'some-$1'), { body }),
    );
    const code = /"code":"(\w+)"/.exec(result?.body ?? '')?.[1] ?? '';
    if (error || result.statusCode >= 500 || code === 'NOT_FOUND' || code === 'METHOD_NOT_ALLOWED')
      surprises.push(`${key}: ${error?.errorMessage ?? `${result.statusCode} ${code}`}`);
  }
  for (const surprise of surprises) process.stdout.write(`${surprise}\n`);
  process.stdout.write(
    `${keys.length - surprises.length} of ${keys.length} routes answer under the runtime client\n`,
  );
  process.exitCode = surprises.length > 0 ? 1 : 0;
} finally {
  for (const { api, child } of runtimes) {
    child.kill();
    api.server.closeAllConnections();
    api.server.close();
  }
  await sandbox.close();
}
