import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from './config/config.js';
import { configFromProcess } from './config/environment.js';
import { StartError } from './local/data-directory.js';
import { LocalServer } from './local/local-server.js';
import { JsonLogger } from './platform/logger.js';

const say = (text: string) => process.stdout.write(`${text}\n`);
const docsDirectory = fileURLToPath(new URL('./docs', import.meta.url));

/** The local server: `npm start`, `nest start`. */
async function main(): Promise<void> {
  const config = configFromProcess();
  const logger = new JsonLogger(config.logLevel);
  if (!existsSync(docsDirectory)) {
    const { writeDocs } = await import('./openapi.js');
    await writeDocs(docsDirectory);
  }
  let server: LocalServer | undefined;
  let stopping = false;
  const crash = (what: string, error?: unknown) => {
    logger.error(error ?? what);
    process.exit(1);
  };
  const stop = async () => {
    if (stopping || !server) process.exit(1);
    stopping = true;
    await server.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  process.on('uncaughtException', (error) => crash('Uncaught exception', error));

  const onCrash = (what: string) => crash(`The embedded ${what} has ended by itself`);
  server = await LocalServer.start({ config, logger, docsDirectory, onCrash });

  say(`Hearth is at   ${server.url}`);
  say(`Try it out at  ${server.url}/docs`);
  if (server.photosUrl !== undefined) say(`Photos are at  ${server.photosUrl}`);
  for (const warning of server.warnings) say(`Note:          ${warning}`);
  say(`Data is in     ${config.dataDirectory}`);
}

try {
  await main();
} catch (error) {
  const expected = error instanceof StartError || error instanceof ConfigurationError;
  process.stderr.write(`${expected ? error.message : (error as Error).stack}\n`);
  process.exit(1);
}
