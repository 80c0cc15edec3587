import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { type Config, loadConfig } from './config.js';

/**
 * The configuration of this process. A `.env` in the working directory is read first;
 * what the environment already sets stands above it.
 * @throws {ConfigurationError} with every fault at once.
 */
export function configFromProcess(overrides: Readonly<Record<string, string>> = {}): Config {
  // The SDK announces at every start that it leaves Node 20 in January 2027; package.json's engines follow then.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  if (existsSync('.env')) loadEnvFile('.env');
  return loadConfig({ ...process.env, ...overrides });
}
