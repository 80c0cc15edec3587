import { hostname } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../app.js';
import type { Config } from '../config/config.js';
import { hostCheck } from '../http/request/host-check.middleware.js';
import { securityHeaders } from '../http/request/security-headers.middleware.js';
import { trustProxies } from '../http/request/trusted-proxies.js';
import type { JsonLogger } from '../platform/logger.js';
import { requestContext } from '../platform/request-context.js';
import { FileSecrets } from '../platform/secrets/file-secrets.js';
import { WHOLE_APP } from '../whole-app.js';
import { markNewDeployment, runDueTasks } from '../workers/tasks.js';
import { type Compaction, compactAfterErasures, rebuildIfAsked } from './compaction.js';
import { watchConnections } from './connections.js';
import { DataDirectory, StartError } from './data-directory.js';
import type { EmbeddedServer } from './embedded-server.js';
import { withEmbeddedServers } from './embedded-servers.js';
import { ensureTable } from './table-definition.js';

const MINUTE_MS = 60_000;
/** How often a server that stops looks whether somebody is still to be answered. */
const PATIENCE_MS = 100;

interface Options {
  readonly config: Config;
  readonly logger: JsonLogger;
  readonly docsDirectory: string;
  /** What to do when an embedded server ends by itself. */
  readonly onCrash: (what: string) => void;
}

interface Parts {
  readonly url: string;
  readonly photosUrl: string | undefined;
  readonly app: NestExpressApplication;
  readonly embedded: readonly EmbeddedServer[];
  readonly directory: DataDirectory;
  readonly timer: NodeJS.Timeout | undefined;
  readonly compaction: Compaction | undefined;
  readonly warnings: readonly string[];
}

/** The whole API on this machine. An endpoint in the configuration takes the place of an embedded server. */
export class LocalServer {
  readonly url: string;
  /** Where uploads go and photos come from. */
  readonly photosUrl: string | undefined;
  readonly app: NestExpressApplication;
  /** For the person at the keyboard: what is not as it was asked for. */
  readonly warnings: readonly string[];

  private constructor(private readonly parts: Parts) {
    ({ url: this.url, photosUrl: this.photosUrl, app: this.app, warnings: this.warnings } = parts);
  }

  /**
   * @param options `isServing`: whether it listens and runs what is due; a command needs neither
   * @throws {StartError} with what the person at the keyboard can do about it.
   */
  static async start({
    config: given,
    onCrash,
    isServing = true,
    ...options
  }: Options & { readonly isServing?: boolean }): Promise<LocalServer> {
    // For the files of child processes as well.
    process.umask(0o077);
    const directory = await DataDirectory.acquire(given.dataDirectory);
    const embedded: EmbeddedServer[] = [];
    try {
      await assertSecretsWhole(given);
      if (given.table.endpoint === undefined) await rebuildIfAsked(directory.path, options.logger);
      const config = await withEmbeddedServers(given, directory.path, (server, what) => {
        embedded.push(server);
        server.onCrash(() => onCrash(what));
      });
      const isNew = await ensureTable(config).catch((error: unknown) => {
        throw given.table.endpoint === undefined ? error : unanswered(given.table.endpoint, error as Error);
      });
      const checks = [trustProxies(config.trustedProxies), securityHeaders, hostCheck(hostsOf(config))];
      const app = await createApp({ config, ...options, checks, modules: WHOLE_APP });
      await app.init();
      // The sweeper marks them later where S3 does not answer now.
      if (isNew) await markNewDeployment(app).catch((error: unknown) => options.logger.error(error));
      const compaction =
        given.table.endpoint === undefined
          ? compactAfterErasures(app, directory.path, options.logger)
          : undefined;
      const port = isServing ? await listen(app, config) : 0;
      const timer = isServing ? startTimer(app, options.logger) : undefined;
      const { publicUrl } = config.storage;
      const warnings = warningsOf(given, config);
      const url = `http://localhost:${port}`;
      return new LocalServer({
        url,
        photosUrl: publicUrl,
        app,
        embedded,
        directory,
        timer,
        compaction,
        warnings,
      });
    } catch (error) {
      await Promise.all(embedded.map((server) => server.stop()));
      await directory.release();
      throw error;
    }
  }

  /** Takes no new requests, answers those in flight, then ends what is embedded and frees the directory. */
  async stop(): Promise<void> {
    const { timer, embedded, directory, compaction } = this.parts;
    clearInterval(timer);
    const server = this.app.getHttpServer();
    const closing = this.app.close();
    // Whoever has a connection and no request that may still be answered would be waited for without end.
    const patience = setInterval(() => {
      if (longestRemainingMs() === 0) server.closeAllConnections();
    }, PATIENCE_MS);
    await closing;
    clearInterval(patience);
    await compaction?.finished();
    await Promise.all(embedded.map((each) => each.stop()));
    await directory.release();
  }
}

function startTimer(app: NestExpressApplication, logger: JsonLogger): NodeJS.Timeout {
  let minute = 0;
  return setInterval(() => {
    void runDueTasks(app, logger, minute);
    minute += 1;
  }, MINUTE_MS);
}

/** How long what is still open may take at the most. */
const longestRemainingMs = () => Math.max(0, ...requestContext.open().map(({ remainingMs }) => remainingMs));

function warningsOf(given: Config, { storage }: Config): readonly string[] {
  const wanted = (given.port + 1) % 65_536;
  if (given.storage.endpoint !== undefined || given.port === 0 || storage.endpoint?.endsWith(`:${wanted}`))
    return [];
  return [
    `somebody has port ${wanted}, so that photos have another address until the next start; addresses given before are dead`,
  ];
}

/** This machine's names, and those that the configuration adds. */
function hostsOf({ publicUrl, allowedHosts }: Config): ReadonlySet<string> {
  const machine = hostname().toLowerCase();
  const [short = machine] = machine.split('.');
  return new Set([
    'localhost',
    machine,
    short,
    `${short}.local`,
    new URL(publicUrl).hostname.toLowerCase(),
    ...allowedHosts,
  ]);
}

/** @throws {StartError} for key files that cannot be used: at the start, not at the first sign-in */
async function assertSecretsWhole(config: Config): Promise<void> {
  if (config.secrets.provider !== 'file') return;
  const secrets = new FileSecrets(config);
  for (const name of SECRET_FILES) {
    try {
      const value = await secrets.load(name);
      if (value === undefined) continue;
      if (typeof value !== 'object' || value === null) throw new Error('it is no JSON object');
      const { keys } = value as { keys?: unknown };
      if (name.endsWith('-keys') && !(Array.isArray(keys) && keys.length > 0))
        throw new Error('it holds no keys');
    } catch (error) {
      throw new StartError(
        `${join(config.dataDirectory, 'secrets', `${name}.json`)} cannot be used: ${(error as Error).message}. ` +
          'Restore it from a backup. Without one, move it away, and a new one is made: with other keys everybody signs in again.',
      );
    }
  }
}

const SECRET_FILES = ['signing-keys', 'application-keys', 'api-secrets', 'embedded-s3'] as const;

function unanswered(
  endpoint: string,
  error: Error & { $metadata?: { httpStatusCode?: number } },
): StartError {
  const { httpStatusCode: status } = error.$metadata ?? {};
  const what =
    error.name === 'CredentialsProviderError'
      ? 'nobody was asked: the environment names credentials that cannot be found'
      : status === undefined
        ? 'nothing that speaks DynamoDB answers'
        : `the request was refused with ${status}; check the credentials and what they allow`;
  return new StartError(`DYNAMODB_ENDPOINT: at ${endpoint} ${what} (${error.name}: ${error.message})`);
}

async function listen(app: NestExpressApplication, { port, host }: Config): Promise<number> {
  const server = app.getHttpServer();
  watchConnections(server);
  try {
    await app.listen(port, host);
    return (server.address() as AddressInfo).port;
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartError(`Port ${port} is in use. Set PORT to another one.`);
    if (code === 'EACCES')
      throw new StartError(`This user may not listen on port ${port}. Set PORT to another one.`);
    throw error;
  }
}
