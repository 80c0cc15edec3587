/** What a tool takes: the part of JSON Schema that models are told. */
export interface ToolParameters {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly parameters: ToolParameters;
}

/** A tool that a model wants to be called. Nothing of it is to be trusted. */
export interface WantedCall {
  readonly name: string;
  /** JSON, if the model wrote any. */
  readonly arguments: string;
}

/** A call as a model is reminded of it. */
export interface ToolCall extends WantedCall {
  readonly id: string;
}

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string };

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDescription[];
  /** Whether tools may be called; if not, it is an answer that is wanted. */
  readonly mayCall: boolean;
  /** The calendar date where the user is. */
  readonly today: string;
  /** The model to ask first, of those that are configured. */
  readonly model?: string | undefined;
}

/** What a model answers: tools it wants called, or else a text. */
export interface ModelReply {
  readonly content: string;
  readonly toolCalls: readonly WantedCall[];
  readonly model: string;
  readonly tokens: Tokens;
}

/** As the model's provider counts them. */
export interface Tokens {
  readonly in: number;
  readonly out: number;
}

export const NO_TOKENS: Tokens = { in: 0, out: 0 };

export const sumOf = (parts: readonly Tokens[]): Tokens => ({
  in: parts.reduce((sum, tokens) => sum + tokens.in, 0),
  out: parts.reduce((sum, tokens) => sum + tokens.out, 0),
});

export type ModelFault = 'unreachable' | 'timeout' | 'refused' | 'empty' | 'malformed';

/** No model gave an answer that can be used; nobody's fault here, and worth another try. */
export class ModelFailed extends Error {
  override readonly name = 'ModelFailed';

  /** @param retryAfterSeconds as the provider said @param tokens that it took all the same */
  constructor(
    readonly fault: ModelFault,
    what: string,
    readonly retryAfterSeconds?: number,
    readonly tokens: Tokens = NO_TOKENS,
  ) {
    super(`The model failed (${fault}): ${what}`);
  }
}

/** The model that is asked for is not one of those that are configured. */
export class UnknownModel extends Error {
  override readonly name = 'UnknownModel';

  constructor(readonly known: readonly string[]) {
    super('No such model is configured');
  }
}

/** A guess that is rather too high: a token is four characters of English, and fewer of most other languages. */
export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);
