import { scheduled } from './scheduled.js';

/** Lambda, every day: removes uploads that nobody completed, and objects that nothing names. */
export const handler = scheduled('sweepImages');
