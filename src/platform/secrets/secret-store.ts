import type { Config } from '../../config/config.js';
import { FileSecrets } from './file-secrets.js';
import { ManagedSecrets } from './managed-secrets.js';
import type { SecretStore } from './secrets.js';

/** Where the configuration says that secrets lie. */
export const secretStoreOf = (config: Config): SecretStore =>
  config.secrets.provider === 'file' ? new FileSecrets(config) : new ManagedSecrets(config);
