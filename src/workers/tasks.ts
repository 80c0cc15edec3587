import type { INestApplicationContext } from '@nestjs/common';
import { ErasureService } from '../modules/privacy/erasure.service.js';
import type { JsonLogger } from '../platform/logger.js';

/** What runs by the clock: on AWS each by its own function, on a laptop all of them every minute. */
export const TASKS = {
  sweepErasures: async (app: INestApplicationContext) => ({
    finished: await app.get(ErasureService, { strict: false }).sweep(),
  }),
} as const;
export type TaskName = keyof typeof TASKS;

/** Runs one task and logs what it did. @throws whatever it throws, for the scheduler to try again */
export async function runTask(
  app: INestApplicationContext,
  name: TaskName,
  logger: JsonLogger,
): Promise<void> {
  const began = performance.now();
  const result = await TASKS[name](app);
  logger.write('debug', { message: 'Task', name, ...result, ms: Math.round(performance.now() - began) });
}

export async function runDueTasks(app: INestApplicationContext, logger: JsonLogger): Promise<void> {
  for (const name of Object.keys(TASKS) as TaskName[]) {
    try {
      await runTask(app, name, logger);
    } catch (error) {
      logger.error(error);
    }
  }
}
