import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_MODULES } from './app.module.js';
import { gatewayHandler } from './gateway-handler.js';

/** Lambda, behind API Gateway: the API. */
export const handler = gatewayHandler({
  modules: API_MODULES,
  docsDirectory: join(dirname(fileURLToPath(import.meta.url)), 'docs'),
});
