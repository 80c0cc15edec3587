import { type Reply, type ScriptedRequest, ScriptedServer } from './scripted-server.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

interface Said {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { name: string; arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** What was asked of the model, as OpenAI's protocol writes it. */
export interface Asked extends ScriptedRequest {
  readonly body: {
    readonly model: string;
    readonly messages: readonly Said[];
    readonly tools?: readonly { readonly function: { readonly name: string } }[];
    readonly tool_choice?: string;
    readonly max_tokens?: number;
  };
}

type Script = (asked: Asked) => Reply | Promise<Reply>;

/** A server of its own that speaks OpenAI's protocol; a test says what the model answers. */
export class ModelServer {
  script: Script = () => saying('Hello.');
  readonly asked: Asked[] = [];

  private constructor(private readonly server: ScriptedServer) {}

  static async start(): Promise<ModelServer> {
    const holder: { model?: ModelServer } = {};
    const server = await ScriptedServer.start((request) => holder.model?.answer(request));
    const model = new ModelServer(server);
    holder.model = model;
    return model;
  }

  /** What an application is told of it. */
  get environment() {
    return { AI_BASE_URL: this.url, AI_API_KEY: 'key-of-the-test', AI_MODELS: 'first,second' };
  }

  get url(): string {
    return `${this.server.url}/v1`;
  }

  /** Answers one after the other; the last one again and again. */
  answers(...replies: readonly Reply[]): void {
    let next = 0;
    this.script = () => {
      const reply = replies[Math.min(next, replies.length - 1)];
      next += 1;
      return reply;
    };
  }

  forget(): void {
    this.asked.length = 0;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private answer(request: ScriptedRequest): Reply | Promise<Reply> {
    this.asked.push(request);
    return this.script(request);
  }
}

const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

const completion = (message: object, more: object = {}): Reply => ({
  headers: JSON_TYPE,
  body: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'first-2026',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }],
    usage: USAGE,
    ...more,
  },
});

/** The model answers with a text. */
export const saying = (content: string | null, more: object = {}): Reply => completion({ content }, more);

/** The model wants tools called; what is no text is written as JSON. */
export const calling = (...calls: readonly (readonly [string, unknown])[]): Reply =>
  completion({
    content: null,
    tool_calls: calls.map(([name, given], position) => ({
      id: `call_${position}`,
      type: 'function',
      function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
    })),
  });

/** The provider refuses. */
export const refusing = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: { error: { message: 'scripted', type: 'scripted' } },
});

/** Whether tools have answered yet; what is known of the user comes as an answer that nobody asked for. */
export const hasCalled = ({ body }: Asked): boolean =>
  body.messages.some(({ role, tool_call_id: id }) => role === 'tool' && id !== 'recall');

/** What the tools answered last, parsed. */
export const toldLast = ({ body }: Asked) =>
  body.messages
    .slice(body.messages.findLastIndex(({ role }) => role === 'assistant') + 1)
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => JSON.parse(content ?? 'null'));
