import type { OpenAI } from 'openai';
import { keptText } from '../text.js';
import {
  ModelFailed,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
  tokensOf,
  type WantedCall,
} from './model.js';

type Sent = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** Where a model is reached. */
export interface Endpoint {
  readonly baseUrl: string;
  /** What needs none is sent a word that says so. */
  readonly apiKey: string | undefined;
}

/** An answer is at most as long as `max_tokens` lets it be; what is longer than any is none. */
const LONGEST_ANSWER = 60_000;

/** Chat completions as OpenAI's API has them, and many others after it. Trusts nothing that comes back. */
export class OpenAiProtocol {
  private connected: { readonly endpoint: Endpoint; readonly client: Promise<OpenAI> } | undefined;
  private discovered: { readonly baseUrl: string; readonly model: string } | undefined;

  constructor(private readonly answerTokens: number) {}

  /** @throws {ModelFailed} */
  async reply(
    endpoint: Endpoint,
    { messages, tools, mayCall, model }: ModelRequest & { readonly model: string },
    signal: AbortSignal,
  ): Promise<ModelReply> {
    const body: OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming = {
      model,
      messages: messages.map(sent),
      ...this.limitAt(endpoint),
      ...(tools.length > 0 && {
        tool_choice: mayCall ? ('auto' as const) : ('none' as const),
        tools: tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          function: { name, description, parameters: { ...parameters } },
        })),
      }),
    };
    const answer = await this.call(endpoint, model, signal, (client) =>
      client.chat.completions.create(body, { signal }),
    );
    return replyFrom(answer, model, { asked: JSON.stringify(body), mayCall });
  }

  /** What an endpoint of which no model was named has first. @throws {ModelFailed} */
  async firstModel(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
    const { baseUrl } = endpoint;
    if (this.discovered?.baseUrl !== baseUrl) {
      const answer: unknown = await this.call(endpoint, 'models', signal, (client) =>
        client.models.list({ signal }),
      );
      const model = (answer as { data?: { id?: unknown }[] } | undefined)?.data?.[0]?.id;
      if (typeof model !== 'string') throw new ModelFailed('malformed', 'the endpoint names no models');
      this.discovered = { baseUrl, model };
    }
    return this.discovered.model;
  }

  /** OpenAI's own newer models take the one name, everybody else's the other. */
  private limitAt({ baseUrl }: Endpoint) {
    return baseUrl.startsWith('https://api.openai.com/')
      ? { max_completion_tokens: this.answerTokens }
      : { max_tokens: this.answerTokens };
  }

  private async call<T>(
    endpoint: Endpoint,
    what: string,
    signal: AbortSignal,
    send: (client: OpenAI) => Promise<T>,
  ): Promise<T> {
    const { APIError } = await import('./openai.late.js');
    try {
      return await send(await this.connect(endpoint));
    } catch (error) {
      if (signal.aborted) throw new ModelFailed('timeout', what);
      // What a provider says may repeat the prompt: it goes into no log.
      if (error instanceof APIError && typeof error.status === 'number')
        throw new ModelFailed('refused', `${what}, ${error.status}`, retryAfterOf(error.headers));
      if (error instanceof SyntaxError) throw new ModelFailed('malformed', `${what}, no JSON`);
      throw new ModelFailed('unreachable', `${what}, ${(error as Error).name}`);
    }
  }

  private connect(endpoint: Endpoint): Promise<OpenAI> {
    const { baseUrl, apiKey } = endpoint;
    const known = this.connected?.endpoint;
    if (known?.baseUrl !== baseUrl || known.apiKey !== apiKey) {
      const client = import('./openai.late.js').then(
        ({ OpenAI: Client }) =>
          new Client({
            baseURL: baseUrl,
            apiKey: apiKey ?? 'none',
            organization: null,
            project: null,
            webhookSecret: null,
            logLevel: 'off',
            // Another model is the other try.
            maxRetries: 0,
          }),
      );
      this.connected = { endpoint, client };
    }
    return (this.connected as { client: Promise<OpenAI> }).client;
  }
}

function sent(message: ModelMessage): Sent {
  if (message.role === 'tool')
    return { role: 'tool', content: message.content, tool_call_id: message.toolCallId };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { content, toolCalls = [] } = message;
  if (toolCalls.length === 0) return { role: 'assistant', content };
  return {
    role: 'assistant',
    content: content === '' ? null : content,
    tool_calls: toolCalls.map(({ id, name, arguments: written }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: written },
    })),
  };
}

/** @param asked what was sent, for where the provider does not say how much that was @param mayCall whether tools may be called */
function replyFrom(
  answer: unknown,
  model: string,
  { asked, mayCall }: { readonly asked: string; readonly mayCall: boolean },
): ModelReply {
  const message = at(answer, 'choices', 0, 'message');
  if (typeof message !== 'object' || message === null) throw new ModelFailed('malformed', model);
  const { content, tool_calls: calls } = message as { content?: unknown; tool_calls?: unknown };
  const text = typeof content === 'string' ? keptText(content, LONGEST_ANSWER + 1).trim() : '';
  const toolCalls = mayCall && Array.isArray(calls) ? calls.flatMap(callFrom) : [];
  const tokens = {
    in: countOf(at(answer, 'usage', 'prompt_tokens')) ?? tokensOf(asked),
    out: countOf(at(answer, 'usage', 'completion_tokens')) ?? tokensOf(JSON.stringify(message)),
  };
  const failed = (fault: 'malformed' | 'empty', what: string) =>
    new ModelFailed(fault, `${model}, ${what}`, undefined, tokens);
  if (text.length > LONGEST_ANSWER) throw failed('malformed', 'too long');
  if (text === '' && toolCalls.length === 0)
    throw failed('empty', mayCall ? 'no text' : 'no text, only calls');
  const named = at(answer, 'model');
  return {
    content: text,
    toolCalls,
    model: typeof named === 'string' && /^[\w./:@+-]{1,100}$/.test(named) ? named : model,
    tokens,
  };
}

function callFrom(call: unknown): WantedCall[] {
  const [name, written] = [at(call, 'function', 'name'), at(call, 'function', 'arguments')];
  if (typeof name !== 'string') return [];
  return [{ name, arguments: typeof written === 'string' ? written : '' }];
}

/** What lies at a path of something that may be anything. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, step) =>
      typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[step] : undefined,
    value,
  );
}

const countOf = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 10_000_000
    ? (value as number)
    : undefined;

const LONGEST_WAIT_SECONDS = 24 * 3600;

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(headers: Headers | undefined): number | undefined {
  const value = headers?.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : undefined;
}
