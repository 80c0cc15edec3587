import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { ACCOUNT, runCommand, Started } from '../support/started.js';

describe('npm run reset-second-factor', () => {
  afterEach(() => Started.endAll());

  const reset = (directory: string, ...options: string[]) =>
    runCommand('reset-second-factor', directory, ...options);

  it('lets an owner in who has lost the phone and the backup codes', async () => {
    const started = await Started.up();
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    const token = await started.signIn();
    const { secret } = (await started.call('POST', '/v1/auth/mfa/totp', {}, token)).body.data;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await started.call('POST', '/v1/auth/mfa/totp/verify', { code }, token);
    expect((await started.call('POST', '/v1/auth/login', ACCOUNT)).body.data.challenge).toBe(
      'SOFTWARE_TOKEN_MFA',
    );
    await started.end('SIGTERM');

    expect(await reset(started.directory)).toEqual({ code: 1, output: expect.stringContaining('--email') });
    expect(await reset(started.directory, '--email', 'nobody@example.com')).toEqual({
      code: 1,
      output: expect.stringContaining('no account with the address nobody@example.com'),
    });
    expect(await reset(started.directory, '--email', 'Ada@example.com')).toEqual({
      code: 0,
      output: expect.stringContaining('The second factor of ada@example.com was removed'),
    });
    expect(await reset(started.directory, '--email', 'ada@example.com')).toEqual({
      code: 0,
      output: expect.stringContaining('has no second factor'),
    });

    const again = await Started.up(started.directory);
    expect((await again.call('GET', '/v1/auth/me', undefined, token)).status).toBe(401);
    expect((await again.call('POST', '/v1/auth/login', ACCOUNT)).body.data.user.email).toBe(ACCOUNT.email);
  });
});
