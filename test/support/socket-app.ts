import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { configureApp, createAdapter } from '../../src/app.js';
import { AppModule } from '../../src/app.module.js';
import { loadConfig } from '../../src/config/config.js';
import { Clock } from '../../src/platform/clock.js';
import { CURRENT_COST } from '../../src/platform/identity/local/password.js';
import { JsonLogger } from '../../src/platform/logger.js';
import { WHOLE_APP } from '../../src/whole-app.js';
import { watchCalls } from './aws-calls.js';
import type { Environment } from './environment.js';
import type { LogLine, PlainRequest, PlainResponse, RunningApp } from './transport.js';

// At its real cost a hash takes 170 ms, and somebody who registers and signs in two of them: much of what all tests
// take. `password.spec.ts` holds the real cost, and the packaged functions are tested with it.
Object.assign(CURRENT_COST, { N: 2 ** 10, p: 1 });

export class SocketApp implements RunningApp {
  private readonly agents = new Map<string, Agent>();

  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly logs: LogLine[],
  ) {}

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

  async send({ method, path, headers, body, from }: PlainRequest): Promise<PlainResponse> {
    const agent = this.agents.get(from) ?? new Agent({ localAddress: from, keepAlive: true });
    this.agents.set(from, agent);
    const verb = method.toLowerCase() as 'get';
    const sender = supertest(this.url);
    let request = sender[verb](path)
      .agent(agent)
      .redirects(0)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      })
      .set(headers)
      .ok(() => true);
    if (body !== undefined)
      request = request.serialize((value: unknown) => value as string).send(body as string);
    const response = await request;
    const bytes = response.body as unknown;
    const text = Buffer.isBuffer(bytes) ? bytes.toString() : '';
    return { status: response.status, headers: response.headers, text };
  }

  async stop(): Promise<void> {
    for (const agent of this.agents.values()) agent.destroy();
    await this.app.close();
  }
}
