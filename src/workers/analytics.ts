import { scheduled } from './scheduled.js';

/** Lambda, every hour: adds up days that are over, and deletes the salts of the day before yesterday. */
export const handler = scheduled('foldDays');
