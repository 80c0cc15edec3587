import { CompletionModule } from './modules/images/completion/completion.module.js';
import { WORKER_MODULES } from './workers/tasks.js';

/** Every route and every task in one process, as on a laptop. */
export const WHOLE_APP = [...WORKER_MODULES, CompletionModule];
