import { scheduled } from './scheduled.js';

/** Lambda, every five minutes: reminds those whose hour has come, and sends what waits to be sent. */
export const handler = scheduled('notify');
