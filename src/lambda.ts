import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOMAINS } from './domains.js';
import { gatewayHandler } from './gateway-handler.js';

/** Lambda, behind API Gateway: the API. */
export const handler = gatewayHandler({
  modules: [],
  domains: DOMAINS,
  docsDirectory: join(dirname(fileURLToPath(import.meta.url)), 'docs'),
});
