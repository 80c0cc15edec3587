import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { configFromProcess } from '../config/environment.js';
import { JsonLogger } from '../platform/logger.js';
import { runTask } from './tasks.js';

const config = configFromProcess();
const logger = new JsonLogger(config.logLevel);
const ready = NestFactory.createApplicationContext(AppModule.with({ config, logger, docsDirectory: '' }), {
  logger,
  abortOnError: false,
});

/** Lambda, by a schedule: goes on with erasures that a request could not finish. */
export async function handler(): Promise<void> {
  await runTask(await ready, 'sweepErasures', logger);
}
