import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isolatedEnvironment, sharedDirectory } from '../support/environment.js';
import { version2Event } from '../support/gateway-events.js';
import { PackagedFunction } from '../support/packaged-function.js';
import type { LogLine } from '../support/transport.js';

const API = join(sharedDirectory, 'bundle/api/dist');
const NODE = process.env['HEARTH_TEST_NODE'] ?? process.execPath;
const VERSION = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();

/** `npm run code-cache` has put a cache of the Node of the tests into the package. */
describe('The code cache of the packaged API', () => {
  let directory: string;
  let cacheFile: string;
  beforeAll(() => {
    directory = mkdtempSync(join(sharedDirectory, 'code-cache-'));
    cacheFile = readdirSync(API).find((name) => name.endsWith(`-${VERSION}-${process.arch}.cache`)) ?? '';
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What the function says, and logs, when something was done to its cache. */
  const answersWith = async (name: string, change: (cache: string, dist: string) => void) => {
    const dist = join(directory, name);
    cpSync(API, dist, { recursive: true });
    change(join(dist, cacheFile), dist);
    const logs: LogLine[] = [];
    const environment = await isolatedEnvironment();
    const file = `../${directory.slice(sharedDirectory.length + 1)}/${name}/lambda.js`;
    const api = PackagedFunction.start(file, environment, logs);
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { 'content-type': 'application/json' };
      const event = { method, path, headers, from: '192.0.2.1', ...(body && { body: JSON.stringify(body) }) };
      const { result, error } = await api.invoke(version2Event(event));
      if (error !== undefined) throw new Error(error);
      return (result as { statusCode: number }).statusCode;
    };
    try {
      const account = { email: 'ada@example.com', password: 'Corr3ct-horse', name: 'Ada' };
      const statuses = [
        await ask('GET', '/health'),
        // Reads and writes the table, through what the SDK imports dynamically.
        await ask('POST', '/v1/auth/register', account),
        await ask('POST', '/v1/auth/login', { email: account.email, password: account.password }),
        await ask('GET', '/v1/blog/posts'),
      ];
      return { statuses, warnings: logs.filter(({ message }) => /code cache/.test(message ?? '')) };
    } finally {
      await api.stop();
    }
  };
  const ANSWERS = [200, 201, 200, 200];

  it('is accepted by its own Node, without a word, and the function reads and writes its table', async () => {
    expect(existsSync(join(API, cacheFile))).toBe(true);
    expect(cacheFile).not.toBe('');
    const { statuses, warnings } = await answersWith('accepted', () => undefined);
    expect([statuses, warnings]).toEqual([ANSWERS, []]);
  });

  it('is of a bundle that is ASCII, which the entry takes it for', () => {
    expect(readFileSync(join(API, 'main.js')).findIndex((byte) => byte > 0x7f)).toBe(-1);
  });

  const spoil = (position: number) => (cache: string) => {
    const bytes = readFileSync(cache);
    bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
    writeFileSync(cache, bytes);
  };
  const truncate = (cache: string) => writeFileSync(cache, readFileSync(cache).subarray(0, 100_000));
  it.each([
    ['truncated', truncate, 'V8 refused the code cache'],
    ['empty', (cache: string) => writeFileSync(cache, ''), 'V8 refused the code cache'],
    ['of another version of V8', spoil(4), 'V8 refused the code cache'],
    ['of a bundle of another length', spoil(8), 'V8 refused the code cache'],
    ['of other flags of V8', spoil(12), 'V8 refused the code cache'],
    ['missing', (cache: string) => rmSync(cache), 'There is no code cache for this Node'],
    [
      'of another bundle of the same length',
      (_: string, dist: string) => {
        const main = join(dist, 'main.js');
        const source = readFileSync(main, 'latin1');
        writeFileSync(main, `${source.slice(0, -16)}0123456789abcdef`, 'latin1');
      },
      'There is no code cache for this Node',
    ],
  ])('that is %s is passed over, with one line in the log', async (what, change, message) => {
    const { statuses, warnings } = await answersWith(what.replaceAll(' ', '-'), change);
    expect(statuses).toEqual(ANSWERS);
    expect(warnings).toEqual([expect.objectContaining({ level: 'WARN', message, node: VERSION })]);
  });
});
