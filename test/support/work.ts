import { TASKS, type TaskName } from '../../src/workers/tasks.js';
import { actingAs } from './aws-calls.js';
import type { SocketApp } from './socket-app.js';
import type { TestApp } from './test-app.js';

/** Runs what runs by the clock, in the process of a test's application. */
export const work = (app: TestApp, name: TaskName) =>
  actingAs(name, () => TASKS[name]((app.running as SocketApp).app));
