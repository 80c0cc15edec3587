import type { ModelReply, ToolCall, Tokens } from '../../../platform/ai/model.js';
import type { MessageAction } from '../actions/action.js';

/** How often a model may have tools called for one message. */
export const MOST_ROUNDS = 5;
const MOST_CALLS = 8;
const CALL_BYTES = 64 * 1024;
const ROUND_BYTES = 128 * 1024;
/** What the tools of one round may answer together. */
const RESULTS_BYTES = 24 * 1024;
const SHORTEST_RESULT_BYTES = 1024;

/** Tools that a model had called for a message, and what became of it. */
export interface Round {
  readonly number: number;
  readonly content: string;
  readonly calls: readonly RoundCall[];
  readonly tokens: Tokens;
  /** Of each call; undefined until all are done. */
  readonly results: readonly RoundResult[] | undefined;
}

export interface RoundCall {
  readonly name: string;
  readonly arguments: string;
  /** Why it is not even tried. */
  readonly refused?: 'ARGUMENTS_TOO_LARGE' | 'TOO_MANY_CALLS';
}

export interface RoundResult {
  /** For the model, as JSON. */
  readonly content: string;
  readonly action: MessageAction;
}

/** What of a model's reply is kept: no more than fits, whatever it wrote. */
export function roundOf(number: number, { content, toolCalls, tokens }: ModelReply): Round {
  let bytes = 0;
  const calls = toolCalls.slice(0, MOST_CALLS + 1).map((call, position) => {
    const size = Buffer.byteLength(call.arguments);
    const refused =
      position >= MOST_CALLS
        ? ('TOO_MANY_CALLS' as const)
        : size > CALL_BYTES || bytes + size > ROUND_BYTES
          ? ('ARGUMENTS_TOO_LARGE' as const)
          : undefined;
    if (!refused) bytes += size;
    const name = call.name.replaceAll(/[^\w-]/g, '_').slice(0, 64) || 'unnamed';
    return { name, arguments: refused ? '' : call.arguments.toWellFormed(), ...(refused && { refused }) };
  });
  return { number, content, calls, tokens, results: undefined };
}

/** The id by which a call is told to the model: its own names are not trusted to be unique. */
export const callIdOf = ({ number }: Pick<Round, 'number'>, position: number): string =>
  `call_${number}_${position}`;

/** As the model is shown what it asked for. */
export const toolCallsOf = (round: Round): ToolCall[] =>
  round.calls.map(({ name, arguments: written }, position) => ({
    id: callIdOf(round, position),
    name,
    arguments: isJsonObject(written) ? written : '{}',
  }));

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** A result as JSON that leaves room for the others of its round: a list loses its end, anything else is cut. */
export function resultText(result: object, calls: number): string {
  const most = Math.max(SHORTEST_RESULT_BYTES, Math.floor(RESULTS_BYTES / calls));
  const whole = JSON.stringify({ result });
  if (Buffer.byteLength(whole) <= most) return whole;
  const { items } = result as { items?: readonly unknown[] };
  if (!Array.isArray(items)) {
    // A third of the bytes: what is escaped once more grows.
    const beginning = [...whole].slice(0, Math.floor(most / 3)).join('');
    return JSON.stringify({ result: { cut: true, beginning } });
  }
  const fitting: unknown[] = [];
  let bytes = Buffer.byteLength(JSON.stringify({ result: { ...result, items: [], more: true } }));
  for (const item of items) {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > most) break;
    fitting.push(item);
  }
  return JSON.stringify({ result: { ...result, items: fitting, more: true } });
}
