/** The assistant that needs no model, loaded with the first message where none is configured. */
export { replyOffline } from './offline/assistant.js';
