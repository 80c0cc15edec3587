import { stderr } from 'node:process';
import type { INestApplicationContext } from '@nestjs/common';
import { configFromProcess } from '../config/environment.js';
import { JsonLogger } from '../platform/logger.js';
import { LocalServer } from './local-server.js';

/** Runs a command on the data directory, with everything embedded and nothing served. The server must not run. */
export async function withOfflineApp<T>(
  work: (app: INestApplicationContext, logger: JsonLogger) => Promise<T>,
): Promise<T> {
  const config = configFromProcess();
  const logger = new JsonLogger(config.logLevel);
  const server = await LocalServer.start({
    config,
    logger,
    docsDirectory: '',
    isServing: false,
    onCrash: (what) => {
      stderr.write(`The embedded ${what} has ended by itself\n`);
      process.exit(1);
    },
  });
  try {
    return await work(server.app, logger);
  } finally {
    await server.stop();
  }
}
