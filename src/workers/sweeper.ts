import { scheduled } from './scheduled.js';

/** Lambda, every five minutes: goes on with erasures and removals that a request could not finish. */
export const handler = scheduled('sweep');
