// The local server and plain Express, as processes on ports of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @param pattern how the server says its address */
async function start(node, file, env, pattern) {
  const child = spawn(node, ['--no-warnings', file], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        const found = pattern.exec(chunk.toString());
        if (found) resolve(found[1].replace('localhost', '127.0.0.1'));
      });
    }
  });
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return { url, stop };
}

export const startServers = async (node, env) => ({
  Hearth: await start(node, 'dist/main.js', { PORT: '0', ...env }, /Hearth is at\s+(\S+)/),
  'Express 5': await start(node, 'bench/peers/express-server.mjs', env, /(http:\/\/\S+)/),
});

export const stopServers = async (servers) => {
  for (const { stop } of Object.values(servers)) await stop();
};
