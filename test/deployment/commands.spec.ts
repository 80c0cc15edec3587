import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScriptedServer } from '../support/scripted-server.js';
import type { SocketApp } from '../support/socket-app.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

describe('npm run smoke', () => {
  let app: TestApp;
  let base: string;
  beforeAll(async () => {
    app = await TestApp.start();
    base = (app.running as SocketApp).url;
  });
  afterAll(() => app.stop());
  const smoke = (environment: object = {}, at = base) =>
    run('node', ['scripts/smoke.mjs', '--base', at], {
      env: { PATH: process.env['PATH'], ...environment },
    }).then(
      ({ stdout }) => ({ stdout, code: 0 }),
      ({ stdout, code }: { stdout: string; code: number }) => ({ stdout, code }),
    );

  it('finds nothing wrong with a laptop’s API', async () => {
    const { stdout, code } = await smoke();
    expect(stdout).not.toMatch(/^FAIL/m);
    expect([code, /: (\d+) of \1$/m.test(stdout)]).toEqual([0, true]);
  });

  it('signs in as whom it is told', async () => {
    const { email } = await app.person();
    expect((await smoke({ SMOKE_EMAIL: email, SMOKE_PASSWORD: 'wrong' })).stdout).toMatch(
      /^FAIL {2}somebody signs in/m,
    );
  });

  it('fails where nothing listens, and says of each thing what is wrong', async () => {
    const { stdout, code } = await smoke({}, 'http://127.0.0.1:1');
    expect([code, /^FAIL {2}it lives: fetch failed: .+$/m.test(stdout)]).toEqual([1, true]);
  });
});

describe('npm run load', () => {
  it('plays people with guitars and photos at a rate, says what it took, and leaves no guitar', () =>
    TestApp.with({}, async (app) => {
      const options = { users: 1, guitars: 2, photos: 1, rate: 20, seconds: 1 };
      const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const base = (app.running as SocketApp).url;
      const { email } = await app.person();
      const { stdout } = await run('node', ['scripts/load.mjs', '--base', base, ...given], {
        env: { PATH: process.env['PATH'], LOAD_EMAIL: email, LOAD_PASSWORD: PASSWORD },
      });
      expect(stdout).toMatch(/20 calls a second for 1 s, as of 518,400 people of 100 calls a month/);
      expect(stdout).toMatch(/^ +2 +0 .* POST \/images\/upload-complete $/m);
      const { client } = await app.signIn(email);
      expect((await client.get('/v1/guitars')).data).toEqual([]);
    }));
});

describe('npm run costs', () => {
  it('prints the table of docs/operations.md', async () => {
    const { stdout } = await run('node', ['scripts/costs.mjs']);
    const cells = (text: string) =>
      text
        .replaceAll(/[ -]+/g, ' ')
        .replaceAll(/ ?\| ?/g, '|')
        .trim();
    expect(stdout.split('\n').length).toBeGreaterThan(10);
    for (const line of stdout.trim().split('\n'))
      expect(cells(readFileSync('docs/operations.md', 'utf8'))).toContain(cells(line));
  });
});

const xml = (action: string, result: string) => ({
  headers: { 'Content-Type': 'text/xml' },
  text: `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`,
});

describe('npm run outputs', () => {
  const outputs = async (result: string) => {
    const server = await ScriptedServer.start(() => xml('DescribeStacks', result));
    const environment = { PATH: process.env['PATH'], ...CREDENTIALS, AWS_ENDPOINT_URL: server.url };
    try {
      return (await run('node', ['scripts/outputs.mjs', '--stage', 'prod'], { env: environment })).stdout;
    } finally {
      await server.stop();
    }
  };

  it('prints a front end’s variables, and the rest as comments', async () => {
    const of = {
      ApiUrl: 'https://api.example.com',
      Region: 'eu-north-1',
      UserPoolId: 'eu-north-1_a',
      TableName: 'hearth-prod',
    };
    const members = Object.entries(of).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const stack = `<StackName>hearth-prod</StackName><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>`;
    expect(
      await outputs(`<Stacks><member>${stack}<Outputs>${members.join('')}</Outputs></member></Stacks>`),
    ).toBe(
      [
        'NEXT_PUBLIC_API_URL=https://api.example.com/v1',
        'NEXT_PUBLIC_REGION=eu-north-1',
        'NEXT_PUBLIC_USER_POOL_ID=eu-north-1_a',
        '# TableName: hearth-prod',
        '',
      ].join('\n'),
    );
  });
});

describe('sls remove', () => {
  const EmptyBuckets = createRequire(import.meta.url)('../../infra/plugins/empty-buckets.cjs') as new (
    serverless: object,
    options: object,
    utilities: object,
  ) => { hooks: Record<string, () => Promise<void>> };

  const removal = async ({
    isProtected = false,
    stays = '',
  }: { isProtected?: boolean; stays?: string } = {}) => {
    const left = new Map([
      ['deployments', ['a.zip v1']],
      ['photos', ['images/1 v1', 'images/1 v2', 'images/2 marker']],
    ]);
    const requests: string[] = [];
    const server = await ScriptedServer.start(({ method, path, body }) => {
      requests.push(`${method} ${path}`);
      if (path === '/') {
        const asked = String(body);
        if (asked.includes('Action=DescribeStacks'))
          return xml(
            'DescribeStacks',
            `<Stacks><member><StackName>hearth-dev</StackName><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><EnableTerminationProtection>${isProtected}</EnableTerminationProtection></member></Stacks>`,
          );
        if (asked.includes('Action=GetTemplate')) {
          const resources = { [stays]: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' } };
          return xml(
            'GetTemplate',
            `<TemplateBody>${JSON.stringify({ Resources: resources })}</TemplateBody>`,
          );
        }
        const bucket = (name: string) =>
          `<member><LogicalResourceId>${name}</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><PhysicalResourceId>${name}</PhysicalResourceId><LastUpdatedTimestamp>2026-11-21T00:00:00Z</LastUpdatedTimestamp><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`;
        return xml(
          'ListStackResources',
          `<StackResourceSummaries>${[...left.keys()].map(bucket).join('')}</StackResourceSummaries>`,
        );
      }
      const name = path.split(/[/?]/)[1] ?? '';
      const headers = { 'Content-Type': 'application/xml' };
      if (method === 'GET') {
        const tag = (entry: string) => (entry.endsWith('marker') ? 'DeleteMarker' : 'Version');
        const entries = (left.get(name) ?? []).map((entry) => {
          const [key, version] = entry.split(' ');
          return `<${tag(entry)}><Key>${key}</Key><VersionId>${version}</VersionId></${tag(entry)}>`;
        });
        return { headers, text: `<ListVersionsResult>${entries.join('')}</ListVersionsResult>` };
      }
      const asked = String(body).match(/<Key>/g)?.length ?? 0;
      if (asked === left.get(name)?.length) left.set(name, []);
      return { headers, text: '<DeleteResult/>' };
    });
    const config = {
      region: 'eu-north-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      forcePathStyle: true,
    };
    const provider = { getAwsSdkV3Config: async () => config, naming: { getStackName: () => 'hearth-dev' } };
    const serverless = { getProvider: () => provider };
    const plugin = new EmptyBuckets(serverless, {}, { log: { notice: () => undefined } });
    await plugin.hooks['before:remove:remove']?.();
    await server.stop();
    return { left: [...left.values()].flat(), requests: requests.length };
  };

  it('empties the buckets that go with the stack, every version and mark', async () => {
    expect((await removal()).left).toEqual([]);
  });

  it('leaves a bucket alone that is to stay, as it is deployed', async () => {
    expect((await removal({ stays: 'photos' })).left).toHaveLength(3);
  });

  it('touches nothing while the stack is protected: what follows will be refused', async () => {
    const { left, requests } = await removal({ isProtected: true });
    expect([left.length, requests]).toEqual([4, 1]);
  });
});
