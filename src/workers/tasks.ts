import type { INestApplicationContext } from '@nestjs/common';
import { API_MODULES } from '../api-modules.js';
import { RemovalService } from '../modules/chat/conversations/removal.service.js';
import { FoldingService } from '../modules/analytics/counting/folding.service.js';
import { PublishingService } from '../modules/blog/publishing/publishing.service.js';
import { CertificationRemindersModule } from '../modules/certifications/certification-reminders.module.js';
import { ImageSweeper } from '../modules/images/image-sweeper.service.js';
import { SweepingModule } from '../modules/images/sweeping.module.js';
import { DeliveriesService } from '../modules/notifications/delivery/deliveries.service.js';
import { DeliveryModule } from '../modules/notifications/delivery/delivery.module.js';
import { RemindersService } from '../modules/notifications/reminders.service.js';
import { ErasureService } from '../modules/privacy/erasure.service.js';
import { GoalSweeper } from '../modules/quests/goals/goal-sweeper.service.js';
import { QuestRemindersModule } from '../modules/quests/quest-reminders.module.js';
import { DueTasksService } from '../modules/quests/recurrence/due-tasks.service.js';
import { UserAdministrationService } from '../modules/users/user-administration.service.js';
import { IDENTITY, type IdentityProvider } from '../platform/identity/identity-provider.js';
import type { JsonLogger } from '../platform/logger.js';

/** What a process needs to run these. */
export const WORKER_MODULES = [
  ...API_MODULES,
  DeliveryModule,
  QuestRemindersModule,
  CertificationRemindersModule,
  SweepingModule,
];

/** What somebody who starts a task by hand may say. */
export interface TaskOptions {
  /** They have looked at what it would remove. */
  readonly confirmed?: boolean;
}

/** What runs by the clock: on AWS each by its own function, on a laptop all of them every minute, unless it says otherwise. */
export const TASKS = {
  sweep: async (app: INestApplicationContext) => {
    const [finished, conversations, goals] = await oneByOne([
      () => app.get(ErasureService, { strict: false }).sweep(),
      async () => (await app.get(RemovalService, { strict: false }).sweep()).done,
      async () => (await app.get(GoalSweeper, { strict: false }).sweep()).done,
    ]);
    return { finished, conversations, goals };
  },
  makeDueTasks: (app: INestApplicationContext) => app.get(DueTasksService, { strict: false }).run(),
  notify: async (app: INestApplicationContext) => {
    const [reminded, sent] = await oneByOne([
      () => app.get(RemindersService, { strict: false }).run(),
      () => app.get(DeliveriesService, { strict: false }).run(),
    ]);
    return { reminded: reminded?.done, sent: sent?.done };
  },
  publishPosts: (app: INestApplicationContext) => app.get(PublishingService, { strict: false }).publishDue(),
  foldDays: (app: INestApplicationContext) => app.get(FoldingService, { strict: false }).run(),
  sweepImages: (app: INestApplicationContext, options?: TaskOptions) =>
    app.get(ImageSweeper, { strict: false }).run(options),
} as const;
export type TaskName = keyof typeof TASKS;

/** Lets a new table belong to its bucket, where nothing lies in that yet. */
export const markNewDeployment = (app: INestApplicationContext): Promise<void> =>
  app.get(ImageSweeper, { strict: false }).markIfEmpty();

/**
 * Removes the second factor of whoever has an address, for the operator of a deployment.
 * @returns whether there was one; undefined when nobody has the address
 */
export async function resetSecondFactor(
  app: INestApplicationContext,
  email: string,
): Promise<boolean | undefined> {
  const identity = app.get<IdentityProvider>(IDENTITY, { strict: false });
  const sub = await identity.directory.subOf(email);
  if (sub === undefined) return undefined;
  return app.get(UserAdministrationService, { strict: false }).resetSecondFactor(sub);
}

/** Runs one task and logs what it did. @throws whatever it throws, for the scheduler to try again */
export async function runTask(
  app: INestApplicationContext,
  name: TaskName,
  logger: JsonLogger,
  options: TaskOptions = {},
): Promise<object> {
  const began = performance.now();
  const result = await TASKS[name](app, options);
  const didSomething = Object.values(result).some((count) => typeof count === 'number' && count > 0);
  logger.write(didSomething ? 'info' : 'debug', {
    message: 'Task',
    name,
    ...result,
    ms: Math.round(performance.now() - began),
  });
  return result;
}

/** How many minutes a laptop lets pass between two runs; one, unless it says otherwise. */
const LAPTOP_MINUTES: Readonly<Partial<Record<TaskName, number>>> = { sweepImages: 24 * 60 };

/** @param minute how many minutes the process has run */
export async function runDueTasks(
  app: INestApplicationContext,
  logger: JsonLogger,
  minute: number,
): Promise<void> {
  for (const name of Object.keys(TASKS) as TaskName[]) {
    if (minute % (LAPTOP_MINUTES[name] ?? 1) > 0) continue;
    try {
      await runTask(app, name, logger);
    } catch (error) {
      logger.error(error);
    }
  }
}

/** One after the other, none kept back by what became of another. @throws the first error, after the last */
async function oneByOne<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const errors: unknown[] = [];
  for (const work of works) {
    try {
      results.push(await work());
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return results;
}
