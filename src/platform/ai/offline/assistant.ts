import type { ModelMessage, ModelReply, ModelRequest, ToolCall } from '../model.js';
import { type Intent, intentOf, meant } from './intents.js';

type Reply = Pick<ModelReply, 'content' | 'toolCalls'>;

/** What a tool answered, parsed: `{ result }`, `{ pending }` or `{ error }`. */
interface Outcome {
  readonly result?: { readonly items?: readonly Entry[]; readonly more?: boolean } & Entry;
  readonly pending?: { readonly summary: string };
  readonly error?: { readonly message: string };
}

type Entry = Readonly<Record<string, unknown>>;

const MOST_LISTED = 50;

/** In this order; the sentences of `docs/assistant.md`. */
const HELP = [
  'I am Hearth’s offline assistant: no language model is configured, so I understand a small set of sentences.',
  '- add a task to restring the Telecaster on Friday',
  '- what is due today? what is due this week? what is overdue? list my goals',
  '- complete restring the Telecaster',
  '- delete restring the Telecaster (asks you to confirm)',
  '- list my Fender guitars',
  '- remember that I use .010 strings; what do you remember? forget … (asks you to confirm)',
].join('\n');

/**
 * Answers as a model would: it asks for tools to be called, reads what they answered, and says what became of it.
 * Nothing it is told by a tool makes it do anything else.
 */
export function replyOffline({ messages, tools, today }: ModelRequest): Reply {
  const position = messages.findLastIndex(({ role }) => role === 'user');
  const sentence = messages[position]?.content ?? '';
  const rounds = roundsOf(messages.slice(position + 1));
  const reply = stepOf(intentOf(sentence, today), rounds);
  const missing = reply.toolCalls.find(({ name }) => !tools.some((tool) => tool.name === name));
  return missing ? say(`I would need the tool ${missing.name}, which I do not have here.`) : reply;
}

/** The answers of the tools, round by round. */
function roundsOf(messages: readonly ModelMessage[]): Outcome[][] {
  const rounds: Outcome[][] = [];
  for (const message of messages) {
    if (message.role === 'assistant') rounds.push([]);
    else if (message.role === 'tool') rounds.at(-1)?.push(JSON.parse(message.content) as Outcome);
  }
  return rounds;
}

function stepOf(intent: Intent, rounds: readonly Outcome[][]): Reply {
  const failed = rounds.flat().find(({ error }) => error);
  if (failed?.error) return say(`That did not work: ${failed.error.message}`);
  const [first, second] = rounds;
  switch (intent.kind) {
    case 'add': {
      const { type, title, dueDate, priority } = intent;
      if (!first) return call('create_quest', { type, title, dueDate, ...(priority && { priority }) });
      return say(`Added the ${type} “${title}” for ${dueDate}.`);
    }
    case 'due':
      return first ? say(listed(intent.period, first)) : call('list_quests', intent.query);
    case 'complete':
      return toOne(intent, first, second, (id) => call('complete_quest', { id, type: intent.type }));
    case 'delete':
      return toOne(intent, first, second, (id) => call('delete_quest', { id, type: intent.type }));
    case 'guitars': {
      const { brand } = intent;
      if (!first) return call('list_guitars', { ...(brand !== undefined && { brand }), limit: MOST_LISTED });
      return say(guitars(brand, first));
    }
    case 'remember':
      return first
        ? say(`I will remember: ${intent.content}`)
        : call('remember', { content: intent.content });
    case 'memories':
      return first ? say(memories(first)) : call('list_memories', {});
    case 'forget': {
      if (!first) return call('list_memories', {});
      const found = meant(intent.content, itemsOf(first), ({ content }) => String(content));
      return one(found, second, `a memory like “${intent.content}”`, 'content', (id) =>
        call('forget', { id }),
      );
    }
    default:
      return say(HELP);
  }
}

/** Finds the task or goal that is meant among the open ones, then does something to it. */
function toOne(
  { type, title }: { readonly type: 'task' | 'goal'; readonly title: string },
  listing: readonly Outcome[] | undefined,
  done: readonly Outcome[] | undefined,
  act: (id: string) => Reply,
): Reply {
  const statuses = type === 'goal' ? ['active', 'paused'] : ['pending', 'in-progress'];
  if (!listing)
    return {
      content: '',
      toolCalls: statuses.map((status) => asked('list_quests', { type, status, limit: MOST_LISTED })),
    };
  return one(meant(title, itemsOf(listing), nameOf), done, `an open ${type} like “${title}”`, 'title', act);
}

function one(
  found: readonly Entry[],
  done: readonly Outcome[] | undefined,
  wanted: string,
  name: string,
  act: (id: string) => Reply,
): Reply {
  const [only, ...others] = found;
  if (!only) return say(`I did not find ${wanted}.`);
  if (others.length > 0)
    return say(
      [`More than one could be meant:`, ...found.map((entry) => `- ${String(entry[name])}`)].join('\n'),
    );
  if (!done) return act(String(only['id']));
  const pending = done[0]?.pending;
  if (pending) return say(`${pending.summary}? It is done as soon as you confirm it.`);
  return say(`Done: “${String(only[name])}”.`);
}

function listed(period: string, outcomes: readonly Outcome[]): string {
  const items = itemsOf(outcomes);
  const what =
    {
      open: 'open',
      overdue: 'overdue',
      goals: 'among your goals',
      today: 'due today',
      'this week': 'due this week',
    }[period] ?? `due ${period}`;
  if (items.length === 0) return `Nothing is ${what}.`;
  return [
    `${items.length}${moreOf(outcomes) ? ' or more' : ''} ${what}:`,
    ...items.map((item) => {
      const notes = [
        typeof item['priority'] === 'string' && `${item['priority']} priority`,
        item['status'] === 'completed' && 'done',
      ];
      const noted = notes.filter(Boolean).join(', ');
      return `- ${String(item['dueDate'])} ${nameOf(item)}${noted && ` (${noted})`}`;
    }),
  ].join('\n');
}

function guitars(brand: string | undefined, outcomes: readonly Outcome[]): string {
  const items = itemsOf(outcomes);
  const named = brand === undefined ? '' : ` by ${brand}`;
  if (items.length === 0) return `You have no guitars${named}.`;
  const lines = items.map(({ brand: made, model, year }) => `- ${[made, model, year].join(' ')}`);
  return [
    `${items.length}${moreOf(outcomes) ? ' or more' : ''} guitar${items.length === 1 ? '' : 's'}${named}:`,
    ...lines,
  ].join('\n');
}

function memories(outcomes: readonly Outcome[]): string {
  const items = itemsOf(outcomes);
  if (items.length === 0) return 'I remember nothing yet.';
  return ['I remember:', ...items.map(({ content }) => `- ${String(content)}`)].join('\n');
}

const itemsOf = (outcomes: readonly Outcome[]): Entry[] =>
  outcomes.flatMap(({ result }) => result?.items ?? []);
const moreOf = (outcomes: readonly Outcome[]): boolean => outcomes.some(({ result }) => result?.more);
const nameOf = ({ title }: Entry): string => String(title);

const say = (content: string): Reply => ({ content, toolCalls: [] });
const asked = (name: string, values: object): ToolCall => ({
  id: '',
  name,
  arguments: JSON.stringify(values),
});
const call = (name: string, values: object): Reply => ({ content: '', toolCalls: [asked(name, values)] });
