import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** One that nobody has. Below those that systems hand out, so that nobody has it before it is used. */
async function freePort(): Promise<string> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('listening', () => resolve(true)).once('error', () => resolve(false));
      server.listen(port, '127.0.0.1');
    });
    server.close();
    if (isFree) return String(port);
  }
}

describe('docs/operations.md', () => {
  it('its commands take a user of the pool from registration to logout, against the emulator', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hearth-operations-'));
    const [pool, api] = [await freePort(), await freePort()];
    const blocks = [...readFileSync('docs/operations.md', 'utf8').matchAll(/```bash\n([\s\S]*?)```/g)];
    expect(blocks).toHaveLength(3);
    const script = blocks
      .map(([, commands]) => commands)
      .join('\n')
      .replaceAll('9229', pool)
      .replaceAll('3009', api)
      .replaceAll('.hearth-cognito', directory)
      .replaceAll('cd ..', `cd ${process.cwd()}`)
      // Where the emulator is installed, whatever directory its data lies in.
      .replaceAll('npx --no-install cognito-local', join(process.cwd(), 'node_modules/.bin/cognito-local'))
      .replaceAll('npm start &', `npm start > ${directory}/api.log 2>&1 &`);
    // With job control, as at a prompt: what ends a job ends what it has started.
    const { stdout } = await promisify(execFile)('bash', ['-c', `set -m\n${script}\nkill %1 %2; wait`], {
      timeout: 240_000,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'development' },
    });
    const answers = stdout.slice(stdout.indexOf('{"success"'));
    const bodies = answers
      .replaceAll('}{', '}\n{')
      .split('\n')
      .filter((line) => line.startsWith('{"success"'))
      .map((line) => JSON.parse(line) as { data?: Record<string, unknown>; error?: { code: string } });
    expect(
      bodies.map(
        ({ data, error }) =>
          error?.code ??
          Object.keys(data ?? {})
            .sort()
            .join(),
      ),
    ).toEqual([
      'confirmed',
      'email,emailVerified,id,name,role,theme,userId,userRole,username',
      'accessToken,expiresIn,idToken,refreshToken,tokenType',
      'loggedOut',
      'AUTH_REFRESH_INVALID',
    ]);
    expect(bodies[1]?.data).toMatchObject({ email: 'ada@example.com', emailVerified: true, role: 'owner' });
    const secrets = await readFile(join(directory, 'secrets/api-secrets.json'), 'utf8');
    expect(JSON.parse(secrets).vapid.publicKey).toHaveLength(87);
    await rm(directory, { recursive: true, force: true });
  });
});
