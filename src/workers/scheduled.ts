import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { configFromProcess } from '../config/environment.js';
import { JsonLogger } from '../platform/logger.js';
import { runTask, type TaskName, type TaskOptions, WORKER_MODULES } from './tasks.js';

/**
 * The Lambda function of one task, called by a schedule; or by hand, with the payload `{"confirmed":true}`. The application is
 * begun while Lambda initialises.
 */
export function scheduled(name: TaskName): (event: TaskOptions | undefined) => Promise<void> {
  const config = configFromProcess();
  const logger = new JsonLogger(config.logLevel);
  const options = { config, logger, docsDirectory: '', modules: WORKER_MODULES };
  const ready = NestFactory.createApplicationContext(AppModule.with(options), {
    logger,
    abortOnError: false,
  });
  return async (event) => {
    await runTask(await ready, name, logger, { confirmed: event?.confirmed === true });
  };
}
