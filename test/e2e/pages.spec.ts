import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/test-app.js';

/** A mail's text, its quoted-printable form taken off. */
const plain = (mail: string) => mail.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=');

describe('Where links in mails lead without a front end', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it.each(['/register', '/reset-password', '/undo-email-change'])(
    'the page %s runs one script, sends forms to this server alone, and changes nothing by being opened',
    async (path) => {
      const { status, text, headers } = await app.client.get(`${path}?token=<script>`);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      const [, script = ''] = /<script>([^]*)<\/script>/.exec(text) ?? [];
      const hash = createHash('sha256').update(script).digest('base64');
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain(`script-src 'sha256-${hash}'`);
      expect(policy).toContain("default-src 'none'");
      expect(text).not.toContain('<script>"');
      // What the forms send goes to routes that there are.
      const routes = [...text.matchAll(/action="([^"]+)"/g)].map(([, route = '']) => route);
      for (const route of routes) expect((await app.client.post(route, {})).status).toBe(400);
    },
  );

  it('invitations, resets and changes of address lead to pages that there are', async () => {
    const owner = await app.owner();
    const email = 'invited@example.com';
    await owner.client.post('/v1/invites', { email });
    await app.client.post('/v1/auth/forgot-password', { email: owner.email });
    const newPassword = 'N3w-horse!';
    const reset = { email: owner.email, code: await app.codeFor(owner.email), newPassword };
    await app.client.post('/v1/auth/reset-password', reset);
    // The address was shown to be theirs: a change of it can be undone.
    const { client } = await app.signIn(owner.email, newPassword);
    const newEmail = 'new-owner@example.com';
    await client.post('/v1/auth/change-email', { newEmail });
    const code = await app.codeFor(newEmail);
    await client.post('/v1/auth/change-email/confirm', { newEmail, code });
    const links = (await app.mails()).flatMap((mail) => {
      const [, text = ''] = /text\/plain[^]*?\r\n\r\n([^]*?)\r\n--/.exec(mail) ?? [];
      return plain(text).match(/https?:\/\/\S+/g) ?? [];
    });
    expect(links).toHaveLength(3);
    for (const link of links) {
      const { pathname, search } = new URL(link);
      expect((await app.client.get(pathname + search)).status).toBe(200);
    }
  });

  it('with a front end they lead there', () =>
    TestApp.with({ environment: { APP_URL: 'https://app.example.com' } }, async (there) => {
      const owner = await there.owner();
      await there.client.post('/v1/auth/forgot-password', { email: owner.email });
      const mail = plain((await there.mails()).at(-1) ?? '');
      expect(mail).toContain('https://app.example.com/reset-password?token=');
    }));
});
