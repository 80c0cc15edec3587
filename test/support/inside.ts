import { it } from '@jest/globals';

declare const HEARTH_TRANSPORT: 'socket' | 'lambda' | 'remote';

/** A test that looks behind the API, or wants settings of its own: left out where the deployment is there already. */
export const inside = HEARTH_TRANSPORT === 'remote' ? it.skip : it;
