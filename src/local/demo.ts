import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { configFromProcess } from '../config/environment.js';
import { JsonLogger } from '../platform/logger.js';
import { StartError } from './data-directory.js';
import { DEMO_CONTEXT, DEMO_CONVERSATION, DEMO_MEMORIES } from './demo-assistant.js';
import { DEMO_GUITARS, type DemoGuitar, drawingOf } from './demo-guitars.js';
import { type DemoTask, demoPerson } from './demo-person.js';
import { DEMO_CERTIFICATIONS, DEMO_POSTS, DEMO_PROJECTS, DEMO_SETTINGS } from './demo-portfolio.js';
import { LocalServer } from './local-server.js';

const say = (text: string) => stdout.write(`${text}\n`);

interface Upload {
  readonly uploadUrl: string;
  readonly imageKey: string;
  readonly headers: Record<string, string>;
}

/** Sends JSON and gives back `data`. */
class Api {
  private token: string | undefined;

  constructor(private readonly base: string) {}

  async send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { data: T; error?: { code: string; message: string } };
    if (answer.error) throw new StartError(`${method} ${path}: ${answer.error.code} ${answer.error.message}`);
    return answer.data;
  }

  async signIn(email: string, password: string): Promise<void> {
    const { accessToken } = await this.send<{ accessToken: string }>('POST', '/v1/auth/login', {
      email,
      password,
    });
    this.token = accessToken;
  }
}

/** Shows how far it is: on one line of a terminal, every quarter elsewhere. */
function progress(what: string, total: number) {
  let done = 0;
  return () => {
    done += 1;
    if (stdout.isTTY) stdout.write(`\r${what} ${done}/${total}${done === total ? '\n' : ''}`);
    else if (done === total || done % Math.ceil(total / 4) === 0) say(`${what} ${done}/${total}`);
  };
}

async function addGuitar(api: Api, { guitar, notes, colors }: DemoGuitar): Promise<void> {
  const { id } = await api.send<{ id: string }>('POST', '/v1/guitars', guitar);
  for (const content of notes) await api.send('POST', `/v1/guitars/${id}/notes`, { content });
  const file = { fileName: 'drawing.jpg', fileType: 'image/jpeg' };
  const upload = await api.send<Upload>('POST', '/v1/images/upload-url', file);
  const body = new Uint8Array(await drawingOf(colors));
  const { status } = await fetch(upload.uploadUrl, { method: 'PUT', headers: upload.headers, body });
  if (status !== 200) throw new StartError(`The photo was not taken: ${status}`);
  await api.send('POST', '/v1/images/upload-complete', { imageKey: upload.imageKey, guitarId: id });
}

/** Owners alone write it: in a deployment that others began there is none. */
async function addPortfolio(api: Api): Promise<void> {
  const { role } = await api.send<{ role: string }>('GET', '/v1/auth/me');
  if (role !== 'owner') {
    say(
      'No posts, projects or certifications: somebody else owns this data directory, and owners alone write them.',
    );
    say(
      'One of its own: HEARTH_DATA_DIR=.hearth-demo npm run demo, then HEARTH_DATA_DIR=.hearth-demo npm start',
    );
    return;
  }
  await api.send('PUT', '/v1/portfolio/settings', DEMO_SETTINGS);
  const entries = [
    ...DEMO_POSTS.map((entry) => ['/v1/blog/posts', entry] as const),
    ...DEMO_PROJECTS.map((entry) => ['/v1/projects', entry] as const),
    ...DEMO_CERTIFICATIONS.map((entry) => ['/v1/certifications', entry] as const),
  ];
  const made = progress('posts, projects, certifications', entries.length);
  for (const [path, entry] of entries) {
    const { id } = await api.send<{ id: string }>('POST', path, entry);
    await api.send('POST', `${path}/${id}/publish`);
    made();
  }
}

/** No model is asked for a demo: where one is configured, nothing is said. */
async function addAssistant(api: Api): Promise<void> {
  for (const memory of DEMO_MEMORIES) await api.send('POST', '/v1/memories', memory);
  for (const [type, data] of Object.entries(DEMO_CONTEXT))
    await api.send('PUT', `/v1/context/${type}`, { data });
  let place = {};
  for (const message of DEMO_CONVERSATION) {
    const body = { message, model: 'hearth-offline', ...place };
    const sent = await api
      .send<{ conversationId: string }>('POST', '/v1/chat/messages', body)
      .catch(() => undefined);
    if (!sent) return;
    place = { conversationId: sent.conversationId };
  }
}

async function fill(base: string): Promise<void> {
  const { account, profile, preferences, goals, looseTasks, rules } = demoPerson(new Date());
  const api = new Api(base);
  await api.send('POST', '/v1/auth/register', account).catch((error: Error) => {
    if (!/AUTH_USER_EXISTS|USERNAME_TAKEN/.test(error.message)) throw error;
    throw new StartError(`The demo is there already: sign in as ${account.email} with ${account.password}`);
  });
  await api.signIn(account.email, account.password);
  await api.send('PUT', '/v1/user/profile', profile);
  await api.send('PUT', '/v1/user/preferences', preferences);
  const goalMade = progress('goals', goals.length);
  const taskMade = progress(
    'tasks',
    looseTasks.length + goals.reduce((sum, { tasks }) => sum + tasks.length, 0),
  );
  const tasks: (DemoTask & { readonly goalId?: string })[] = [...looseTasks];
  for (const { tasks: steps, milestones, ...goal } of goals) {
    const { id } = await api.send<{ id: string }>('POST', '/v1/quests', { type: 'goal', ...goal });
    tasks.push(...steps.map((step) => ({ ...step, goalId: id })));
    for (const title of milestones) await api.send('POST', `/v1/quests/goals/${id}/milestones`, { title });
    goalMade();
  }
  for (const { completedAt, ...task } of tasks) {
    const { id } = await api.send<{ id: string }>('POST', '/v1/quests', { type: 'task', ...task });
    if (completedAt) await api.send('POST', `/v1/quests/${id}/complete`, { completedAt });
    taskMade();
  }
  const guitarMade = progress('guitars', DEMO_GUITARS.length);
  for (const demo of DEMO_GUITARS) {
    await addGuitar(api, demo);
    guitarMade();
  }
  for (const rule of rules) await api.send('POST', '/v1/quests/recurrence-rules', rule);
  await addPortfolio(api);
  await addAssistant(api);
  say(`Sign in as ${account.email} with ${account.password}`);
}

/** `npm run demo` fills the data directory; `npm run demo -- http://localhost:3000` fills a running API. */
async function main(base: string | undefined): Promise<void> {
  if (base !== undefined) return fill(base);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const config = { ...configFromProcess(), port: 0 };
  const server = await LocalServer.start({
    config,
    logger: new JsonLogger('warn'),
    docsDirectory: fileURLToPath(new URL('../docs', import.meta.url)),
    onCrash: () => process.exit(1),
  });
  try {
    await fill(server.url);
  } finally {
    await server.stop();
  }
  return undefined;
}

try {
  await main(argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
