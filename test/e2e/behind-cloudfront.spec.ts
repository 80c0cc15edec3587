import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/platform/clock.js';
import { TestClock } from '../support/clock.js';
import { TestApp } from '../support/test-app.js';
import type { PlainResponse } from '../support/transport.js';

describe('Behind a firewall', () => {
  const environment = { ORIGIN_CHECK: 'true', RATE_LIMIT_AUTH_PER_MINUTE: '2' };
  const within = (work: (app: TestApp, ask: Ask, secret: string) => Promise<void>, clock?: Clock) =>
    TestApp.with({ environment, clock }, async (app) => {
      const ask: Ask = (headers, path = '/health') =>
        app.running.send({ method: 'GET', path, headers, body: undefined, from: '127.0.0.1' });
      // A laptop makes the secret with the first request that asks for it.
      await ask({});
      const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/origin-secret.json');
      const { value } = JSON.parse(await readFile(file, 'utf8')) as { value: string };
      await work(app, ask, value);
    });
  type Ask = (headers: Record<string, string>, path?: string) => Promise<PlainResponse>;

  it('whoever does not come through CloudFront is refused, on every path', () =>
    within(async (_, ask, secret) => {
      for (const path of ['/health', '/v1/quests', '/v1/visitors/count', '/nowhere']) {
        for (const headers of [{}, { 'X-Origin-Verify': '' }, { 'X-Origin-Verify': `${secret}x` }]) {
          const { status, text } = await ask(headers as Record<string, string>, path);
          expect([path, status, JSON.parse(text).error.code]).toEqual([path, 403, 'ORIGIN_REFUSED']);
        }
      }
      expect((await ask({ 'X-Origin-Verify': secret })).status).toBe(200);
    }));

  it('while the secret changes, the value before is taken as well', () =>
    within(async (app, _, secret) => {
      const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets/origin-secret.json');
      await writeFile(file, JSON.stringify({ value: 'a new one', previous: secret }));
      const other = await app.another();
      for (const [given, expected] of [
        ['a new one', 200],
        [secret, 200],
        ['an older one', 403],
      ] as const) {
        const headers = { 'X-Origin-Verify': given };
        const request = { method: 'GET', path: '/health', headers, body: undefined, from: '127.0.0.1' };
        expect([given, (await other.running.send(request)).status]).toEqual([given, expected]);
      }
    }));

  it('the client’s address is CloudFront’s word, so that one client’s limit is not another’s', () =>
    within(async (app, _, secret) => {
      const logIn = async (address: string) => {
        const { status } = await app.running.send({
          method: 'POST',
          path: '/v1/auth/login',
          headers: {
            'Content-Type': 'application/json',
            'X-Origin-Verify': secret,
            'X-Viewer-Address': address,
            'X-Forwarded-For': '198.51.100.7',
          },
          body: JSON.stringify({ email: 'nobody@example.com', password: 'Wr0ng-horse' }),
          from: '127.0.0.1',
        });
        return status;
      };
      const first = [await logIn('192.0.2.1'), await logIn('192.0.2.1'), await logIn('192.0.2.1')];
      expect([...first, await logIn('192.0.2.2')]).toEqual([401, 401, 429, 401]);
    }, new TestClock()));
});
