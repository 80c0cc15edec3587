import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureApp, createAdapter } from '../../src/app.js';
import { AppModule } from '../../src/app.module.js';
import { loadConfig } from '../../src/config/config.js';
import { Clock } from '../../src/platform/clock.js';
import { CURRENT_COST } from '../../src/platform/identity/local/password.js';
import { JsonLogger } from '../../src/platform/logger.js';
import { WHOLE_APP } from '../../src/whole-app.js';
import { watchCalls } from './aws-calls.js';
import type { Environment } from './environment.js';
import { HttpSender } from './http-sender.js';
import type { LogLine, PlainRequest, PlainResponse, RunningApp } from './transport.js';

// At its real cost a hash takes 170 ms, and somebody who registers and signs in two of them: much of what all tests
// take. `password.spec.ts` holds the real cost, and the packaged functions are tested with it.
Object.assign(CURRENT_COST, { N: 2 ** 10, p: 1 });

export class SocketApp implements RunningApp {
  private readonly sender: HttpSender;

  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly logs: LogLine[],
  ) {
    this.sender = new HttpSender(url);
  }

  /** @param controllers routes of the test's own */
  static async start(
    environment: Environment,
    clock?: Clock,
    controllers: Type<unknown>[] = [],
  ): Promise<SocketApp> {
    watchCalls();
    const logs: LogLine[] = [];
    const config = loadConfig(environment);
    const logger = new JsonLogger('debug', (line) => logs.push(JSON.parse(line) as LogLine));
    const options = { config, logger, docsDirectory: 'dist/docs', modules: WHOLE_APP };
    const building = Test.createTestingModule({ imports: [AppModule.with(options)], controllers });
    if (clock) building.overrideProvider(Clock).useValue(clock);
    const testing = await building.compile();
    const app = testing.createNestApplication<NestExpressApplication>(createAdapter(), {
      logger,
      bodyParser: false,
    });
    await configureApp(app, options).listen(0, '127.0.0.1');
    // A connection that the client keeps must not be closed by the server at the moment it is used again.
    app.getHttpServer().keepAliveTimeout = 0;
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new SocketApp(app, `http://127.0.0.1:${port}`, logs);
  }

  send(request: PlainRequest): Promise<PlainResponse> {
    return this.sender.send(request);
  }

  async stop(): Promise<void> {
    this.sender.stop();
    await this.app.close();
  }
}
