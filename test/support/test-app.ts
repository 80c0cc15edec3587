import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../src/platform/clock.js';
import { BundleApp } from './bundle-app.js';
import { Client } from './client.js';
import { type Environment, isolatedEnvironment } from './environment.js';
import { RemoteApp } from './remote-app.js';
import { SocketApp } from './socket-app.js';
import type { LogLine, RunningApp } from './transport.js';

declare const HEARTH_TRANSPORT: 'socket' | 'lambda' | 'remote';

export const PASSWORD = 'Corr3ct-horse';

export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  readonly client: Client;
}

interface Options {
  readonly environment?: Environment;
  /** Only over a socket: the bundle has no way in. */
  readonly clock?: Clock | undefined;
}

/** The application with a table of its own, over the transport of this Jest project. */
export class TestApp {
  readonly client: Client;
  private readonly others: RunningApp[] = [];

  private constructor(
    readonly running: RunningApp,
    readonly environment: Environment,
  ) {
    this.client = new Client(running);
  }

  static async start({ environment = {}, clock }: Options = {}): Promise<TestApp> {
    if (HEARTH_TRANSPORT === 'remote') return new TestApp(new RemoteApp(process.env['BASE_URL'] ?? ''), {});
    const isolated = await isolatedEnvironment(environment);
    const overSocket = HEARTH_TRANSPORT === 'socket' || clock !== undefined;
    return new TestApp(
      await (overSocket ? SocketApp.start(isolated, clock) : BundleApp.start(isolated)),
      isolated,
    );
  }

  /** For a test that needs an application of its own. */
  static async with(options: Options, work: (app: TestApp) => Promise<void>): Promise<void> {
    const app = await TestApp.start(options);
    try {
      await work(app);
    } finally {
      await app.stop();
    }
  }

  /** Another process on the same table and directory, as another Lambda would be. */
  async another(environment: Environment = {}, clock?: Clock): Promise<TestApp> {
    const shared = { ...this.environment, ...environment };
    const other = await (HEARTH_TRANSPORT === 'socket' || clock !== undefined
      ? SocketApp.start(shared, clock)
      : BundleApp.start(shared));
    this.others.push(other);
    return new TestApp(other, shared);
  }

  async person(name = `person-${randomUUID()}`): Promise<Person> {
    // Where others have been before, names are taken.
    const unique = HEARTH_TRANSPORT === 'remote' ? `-${randomUUID().slice(0, 8)}` : '';
    const email = `${name.toLowerCase()}${unique}@example.com`;
    const registered = await this.client.post('/v1/auth/register', { email, password: PASSWORD, name });
    if (registered.status !== 201) throw new Error(registered.text);
    return this.signIn(email);
  }

  async signIn(email: string, password = PASSWORD): Promise<Person> {
    const login = await this.client.post('/v1/auth/login', { email, password });
    if (login.status !== 200) throw new Error(login.text);
    const { accessToken, idToken, refreshToken, user } = login.data;
    const client = this.client.as(accessToken);
    return { userId: user.id, email, accessToken, idToken, refreshToken, client };
  }

  /** The mails that were sent, oldest first, as they lie in the outbox. */
  async mails(): Promise<string[]> {
    const outbox = join(this.environment['HEARTH_DATA_DIR'] ?? '', 'outbox');
    const files = await readdir(outbox).catch(() => []);
    return Promise.all(files.sort().map((file) => readFile(join(outbox, file), 'utf8')));
  }

  /** The codes that were mailed to an address, oldest first. */
  async codesFor(email: string): Promise<string[]> {
    const mails = (await this.mails()).filter((text) => text.includes(`To: ${email}`));
    return mails.flatMap((text) => /^(\d{6})\r?$/m.exec(text)?.[1] ?? []);
  }

  async codeFor(email: string): Promise<string> {
    return (await this.codesFor(email)).at(-1) ?? '';
  }

  /** Somebody with the deployment's first, and so the owner's, account. */
  async owner(): Promise<Person> {
    const owner = await this.person('owner');
    const { role } = (await owner.client.get('/v1/user/profile')).data;
    if (role !== 'owner') throw new Error(`The first to come is ${role}`);
    return owner;
  }

  /** The log line of a request. */
  logOf(requestId: string | undefined): LogLine | undefined {
    return this.running.logs.find((line) => line.message === 'Request' && line['requestId'] === requestId);
  }

  async stop(): Promise<void> {
    await Promise.all([this.running, ...this.others].map((each) => each.stop()));
  }
}
