import { scheduled } from './scheduled.js';

/** Lambda, every hour: makes the tasks of those whose day has begun. */
export const handler = scheduled('makeDueTasks');
