import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../app.js';
import type { Config } from '../config/config.js';
import { ApiError } from '../http/errors/api-error.js';
import { BAD_REQUEST } from '../http/errors/common.errors.js';
import { errorBody } from '../http/errors/error.filter.js';
import type { JsonLogger } from '../platform/logger.js';
import { WHOLE_APP } from '../whole-app.js';
import { runDueTasks } from '../workers/tasks.js';
import { DataDirectory, StartError } from './data-directory.js';
import { EmbeddedDynamoDb } from './embedded-dynamodb.js';
import { EmbeddedS3 } from './embedded-s3.js';
import type { EmbeddedServer } from './embedded-server.js';
import { ensureTable } from './table-definition.js';

const MINUTE_MS = 60_000;

interface Options {
  readonly config: Config;
  readonly logger: JsonLogger;
  readonly docsDirectory: string;
  /** What to do when an embedded server ends by itself. */
  readonly onCrash: (what: string) => void;
}

/** The whole API on this machine. An endpoint in the configuration takes the place of an embedded server. */
export class LocalServer {
  private constructor(
    readonly url: string,
    /** Where uploads go and photos come from. */
    readonly photosUrl: string | undefined,
    private readonly app: NestExpressApplication,
    private readonly embedded: readonly EmbeddedServer[],
    private readonly directory: DataDirectory,
    private readonly timer: NodeJS.Timeout,
    private readonly answersWithinMs: number,
  ) {}

  /** @throws {StartError} with what the person at the keyboard can do about it. */
  static async start({ config: given, onCrash, ...options }: Options): Promise<LocalServer> {
    const directory = await DataDirectory.acquire(given.dataDirectory);
    const embedded: EmbeddedServer[] = [];
    try {
      const config = await withEmbedded(given, directory.path, (server, what) => {
        embedded.push(server);
        server.onCrash(() => onCrash(what));
      });
      await ensureTable(config).catch((error: unknown) => {
        if (given.table.endpoint === undefined) throw error;
        throw new StartError(
          `DYNAMODB_ENDPOINT: nothing that speaks DynamoDB answers at ${given.table.endpoint} (${(error as Error).message})`,
        );
      });
      const app = await createApp({ config, ...options, modules: WHOLE_APP });
      const server = await listen(app, config);
      let minute = 0;
      const timer = setInterval(() => {
        void runDueTasks(app, options.logger, minute);
        minute += 1;
      }, MINUTE_MS);
      const { port } = server.address() as AddressInfo;
      return new LocalServer(
        `http://localhost:${port}`,
        config.storage.publicUrl,
        app,
        embedded,
        directory,
        timer,
        config.responseDeadlineMs,
      );
    } catch (error) {
      await Promise.all(embedded.map((server) => server.stop()));
      await directory.release();
      throw error;
    }
  }

  /** Takes no new requests, answers those in flight, then ends what is embedded and frees the directory. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    // A connection that never says anything would be waited for without end.
    const server = this.app.getHttpServer();
    const patience = setTimeout(() => server.closeAllConnections(), this.answersWithinMs);
    await this.app.close();
    clearTimeout(patience);
    await Promise.all(this.embedded.map((server) => server.stop()));
    await this.directory.release();
  }
}

/** Starts what the configuration names no endpoint of, and enters where it is. */
async function withEmbedded(
  { table, storage, ...config }: Config,
  directory: string,
  started: (server: EmbeddedServer, what: string) => void,
): Promise<Config> {
  let [endpoint, s3, publicUrl] = [table.endpoint, storage.endpoint, storage.publicUrl];
  if (endpoint === undefined) {
    const database = await EmbeddedDynamoDb.start(directory);
    started(database, 'database');
    endpoint = database.endpoint;
  }
  if (s3 === undefined) {
    const buckets = [storage.imagesBucket, storage.uploadsBucket];
    // Beside the API's, so that it is the same after a restart.
    const port = config.port === 0 ? 0 : (config.port + 1) % 65_536;
    const server = await EmbeddedS3.start(directory, buckets, { port, origins: config.corsOrigins });
    started(server, 'S3');
    s3 = server.endpoint;
    publicUrl ??= `${s3}/${storage.imagesBucket}`;
  }
  return { ...config, table: { ...table, endpoint }, storage: { ...storage, endpoint: s3, publicUrl } };
}

async function listen(app: NestExpressApplication, { port, host }: Config): Promise<Server> {
  const server = app.getHttpServer();
  server.on('clientError', refuse);
  try {
    await app.listen(port, host);
    return server;
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartError(`Port ${port} is in use. Set PORT to another one.`);
    if (code === 'EACCES')
      throw new StartError(`This user may not listen on port ${port}. Set PORT to another one.`);
    throw error;
  }
}

/** What is no HTTP at all never reaches the application; it gets the envelope all the same. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const body = JSON.stringify(errorBody(new ApiError(BAD_REQUEST), undefined));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
