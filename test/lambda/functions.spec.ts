import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Environment, isolatedEnvironment, sharedDirectory } from '../support/environment.js';

/** One event through a packaged function, in a process of its own. */
async function invoke(
  file: string,
  environment: Environment,
  event: object,
): Promise<{ result?: unknown; error?: string }> {
  const child = fork('test/support/bundle-runner.cjs', [join(sharedDirectory, 'bundle/dist', file)], {
    env: {
      ...environment,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      PATH: process.env['PATH'],
    },
    execPath: process.env['HEARTH_TEST_NODE'] ?? process.execPath,
    execArgv: [],
  });
  child.send({ id: randomUUID(), event });
  const [answer] = (await once(child, 'message')) as [{ result?: unknown; error?: string }];
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
  return answer;
}

const signUp = (triggerSource = 'PreSignUp_SignUp') => ({
  triggerSource,
  request: { userAttributes: { email: 'eve@example.com' } },
  response: {},
});

describe('The packaged functions', () => {
  it('preSignUp refuses strangers where registration is not open, and nobody where it is', async () => {
    const environment = await isolatedEnvironment();
    const ask = (mode: string, source?: string) =>
      invoke('triggers/pre-sign-up.js', { ...environment, REGISTRATION_MODE: mode }, signUp(source));
    for (const mode of ['invite', 'closed'])
      expect((await ask(mode)).error).toContain('takes no sign-ups but its own');
    expect((await ask('open')).result).toEqual(signUp());
    expect((await ask('invite', 'PreSignUp_AdminCreateUser')).error).toBeUndefined();
    expect((await ask('invite', 'PreSignUp_ExternalProvider')).error).toBeDefined();
  });

  it('sweeper runs on the table', async () => {
    const { error } = await invoke('workers/sweeper.js', await isolatedEnvironment(), {});
    expect(error).toBeUndefined();
  });

  it('rotateKeys rotates the secrets it knows, and no others', async () => {
    const event = { SecretId: 'other', ClientRequestToken: 'x', Step: 'createSecret' };
    const { error } = await invoke('workers/rotate-keys.js', await isolatedEnvironment(), event);
    expect(error).toContain('other is no secret that is rotated here');
  });
});
