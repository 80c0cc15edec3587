import { scheduled } from './scheduled.js';

/** Lambda, every minute: publishes posts whose instant has come. */
export const handler = scheduled('publishPosts');
