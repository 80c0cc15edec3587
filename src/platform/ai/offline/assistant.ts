import type { ModelMessage, ModelReply, ModelRequest, WantedCall } from '../model.js';
import { type Intent, intentOf, isCalled, meant, type Named } from './intents.js';

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
  '- add a task to restring the Telecaster on Friday; remind me to call Ada in 3 days; make a goal to learn jazz by December 31',
  '- what is due today? what is due this week? what is overdue? list my tasks, list my goals',
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
  // What is known of the user comes as if it had been asked for.
  const told = messages.slice(position + 1).filter((message) => !isRecall(message));
  const rounds = roundsOf(told);
  const reply = stepOf(intentOf(sentence, today), rounds);
  const missing = reply.toolCalls.find(({ name }) => !tools.some((tool) => tool.name === name));
  return missing ? say(`I would need the tool ${missing.name}, which I do not have here.`) : reply;
}

const isRecall = (message: ModelMessage): boolean =>
  (message.role === 'tool' && message.toolCallId === 'recall') ||
  (message.role === 'assistant' && message.toolCalls?.[0]?.id === 'recall');

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
    case 'unclearDay':
      return say(
        'I did not understand the day. Say it like tomorrow, Friday, in 3 days, 4 July or 2030-06-25.',
      );
    case 'noDay':
      return say('By when? A goal has a day: make a goal to learn jazz by December 31.');
    case 'due':
      return first ? say(listed(intent.period, first)) : listing(intent.queries);
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
      return first ? say(memories(intent.about, first)) : call('list_memories', {});
    case 'forget': {
      if (!first) return call('list_memories', {});
      const found = meant(intent.content, itemsOf(first), contentOf);
      if (moreOf(first) && !found.some((entry) => isCalled(intent.content, contentOf(entry))))
        return say('There are more memories than I can look at here: say all of it.');
      return one(found, second, `a memory like “${intent.content}”`, contentOf, (id) =>
        call('forget', { id }),
      );
    }
    case 'decide':
      return say(
        'What waits for you is confirmed or rejected at POST /v1/chat/actions/{id}/confirm, not here.',
      );
    default:
      return say(HELP);
  }
}

/** Finds the task or goal that is meant among the open ones, then does something to it. */
function toOne(
  { type, title, dated }: Named,
  open: readonly Outcome[] | undefined,
  done: readonly Outcome[] | undefined,
  act: (id: string) => Reply,
): Reply {
  const statuses = type === 'goal' ? ['active', 'paused'] : ['pending', 'in-progress'];
  if (!open) return listing(statuses.map((status) => ({ type, status, limit: MOST_LISTED })));
  const named = meant(title, itemsOf(open), titleOf);
  // "The book flight task": the noun is no part of its name.
  const bare = title.replace(/\s+(?:task|to-?do|quest|goal)$/i, '');
  const called = named.length > 0 ? named : meant(bare, itemsOf(open), titleOf);
  const onThatDay = itemsOf(open).filter(({ dueDate }) => dueDate === dated?.dueDate);
  const found = called.length > 0 || !dated ? called : meant(dated.title, onThatDay, titleOf);
  const exact = found.some((entry) =>
    [title, bare, dated?.title ?? ''].some((words) => isCalled(words, titleOf(entry))),
  );
  if (moreOf(open) && !exact)
    return say(`There are more open ${type}s than I can look at here: say its whole name.`);
  return one(found, done, `an open ${type} like “${title}”`, titleAndDay, act);
}

function one(
  found: readonly Entry[],
  done: readonly Outcome[] | undefined,
  wanted: string,
  nameOf: (entry: Entry) => string,
  act: (id: string) => Reply,
): Reply {
  const [only, ...others] = found;
  if (!only) return say(`I did not find ${wanted}.`);
  // Whoever cannot be told apart from the others may stand for them.
  if (others.some((other) => nameOf(other) !== nameOf(only)))
    return say(['More than one could be meant:', ...found.map((entry) => `- ${nameOf(entry)}`)].join('\n'));
  if (!done) return act(String(only['id']));
  const pending = done[0]?.pending;
  if (pending) return say(`${pending.summary}? It is done as soon as you confirm it.`);
  return say(`Done: ${nameOf(only)}.`);
}

function listed(period: string, outcomes: readonly Outcome[]): string {
  const items = itemsOf(outcomes);
  if (items.length === 0) return `Nothing is ${period}.`;
  const done = items.filter(({ status }) => status === 'completed').length;
  return [
    `${items.length - done}${moreOf(outcomes) ? ' or more' : ''} ${period}${done > 0 ? `, ${done} done` : ''}:`,
    ...items.map((item) => {
      const notes = [
        typeof item['priority'] === 'string' && `${item['priority']} priority`,
        item['status'] === 'completed' && 'done',
      ];
      const noted = notes.filter(Boolean).join(', ');
      return `- ${String(item['dueDate'])} ${titleOf(item)}${noted && ` (${noted})`}`;
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

function memories(about: string | undefined, outcomes: readonly Outcome[]): string {
  const all = itemsOf(outcomes);
  const items = about === undefined ? all : meant(about, all, contentOf);
  if (items.length === 0)
    return about === undefined ? 'I remember nothing yet.' : `I remember nothing about ${about}.`;
  return ['I remember:', ...items.map((item) => `- ${contentOf(item)}`)].join('\n');
}

const itemsOf = (outcomes: readonly Outcome[]): Entry[] =>
  outcomes.flatMap(({ result }) => result?.items ?? []);
const moreOf = (outcomes: readonly Outcome[]): boolean => outcomes.some(({ result }) => result?.more);
const titleOf = ({ title }: Entry): string => String(title);
const titleAndDay = (entry: Entry): string => `${titleOf(entry)} (${String(entry['dueDate'])})`;
const contentOf = ({ content }: Entry): string => String(content);

const say = (content: string): Reply => ({ content, toolCalls: [] });
const asked = (name: string, values: object): WantedCall => ({
  name,
  arguments: JSON.stringify(values),
});
const call = (name: string, values: object): Reply => ({ content: '', toolCalls: [asked(name, values)] });
const listing = (queries: readonly object[]): Reply => ({
  content: '',
  toolCalls: queries.map((query) => asked('list_quests', query)),
});
