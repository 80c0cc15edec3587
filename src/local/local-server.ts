import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../app.js';
import type { Config } from '../config/config.js';
import { ApiError } from '../http/errors/api-error.js';
import { BAD_REQUEST } from '../http/errors/common.errors.js';
import { errorBody } from '../http/errors/error.filter.js';
import type { JsonLogger } from '../platform/logger.js';
import { DUTIES, runDueTasks } from '../workers/tasks.js';
import { DataDirectory, StartError } from './data-directory.js';
import { EmbeddedDynamoDb } from './embedded-dynamodb.js';
import { ensureTable } from './table-definition.js';

const MINUTE_MS = 60_000;

interface Options {
  readonly config: Config;
  readonly logger: JsonLogger;
  readonly docsDirectory: string;
  /** What to do when the embedded database ends by itself. */
  readonly onCrash: () => void;
}

/** The whole API on this machine. An endpoint in the configuration takes the place of the embedded database. */
export class LocalServer {
  private constructor(
    readonly url: string,
    private readonly app: NestExpressApplication,
    private readonly database: EmbeddedDynamoDb | undefined,
    private readonly directory: DataDirectory,
    private readonly timer: NodeJS.Timeout,
    private readonly answersWithinMs: number,
  ) {}

  /** @throws {StartError} with what the person at the keyboard can do about it. */
  static async start({ config: given, onCrash, ...options }: Options): Promise<LocalServer> {
    const directory = await DataDirectory.acquire(given.dataDirectory);
    let database: EmbeddedDynamoDb | undefined;
    try {
      let config = given;
      if (given.table.endpoint === undefined) {
        database = await EmbeddedDynamoDb.start(directory.path);
        database.onCrash(onCrash);
        config = { ...given, table: { ...given.table, endpoint: database.endpoint } };
      }
      await ensureTable(config);
      const app = await createApp({ config, ...options, duties: DUTIES });
      const server = await listen(app, config);
      const timer = setInterval(() => void runDueTasks(app, options.logger), MINUTE_MS);
      const { port } = server.address() as AddressInfo;
      return new LocalServer(
        `http://localhost:${port}`,
        app,
        database,
        directory,
        timer,
        config.responseDeadlineMs,
      );
    } catch (error) {
      await database?.stop();
      await directory.release();
      throw error;
    }
  }

  /** Takes no new requests, answers those in flight, then ends the database and frees the directory. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    // A connection that never says anything would be waited for without end.
    const server = this.app.getHttpServer();
    const patience = setTimeout(() => server.closeAllConnections(), this.answersWithinMs);
    await this.app.close();
    clearTimeout(patience);
    await this.database?.stop();
    await this.directory.release();
  }
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
