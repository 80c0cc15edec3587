import { folded } from '../../key-text.js';
import { daysAfter } from '../../local-time.js';
import { dateOfWords, DAY_WORDS } from './dates.js';

/** What a sentence asks for. */
export type Intent =
  | {
      readonly kind: 'add';
      readonly type: 'task' | 'goal';
      readonly title: string;
      readonly dueDate: string;
      readonly priority: string | undefined;
    }
  | { readonly kind: 'due'; readonly period: string; readonly query: Readonly<Record<string, unknown>> }
  | { readonly kind: 'complete' | 'delete'; readonly type: 'task' | 'goal'; readonly title: string }
  | { readonly kind: 'guitars'; readonly brand: string | undefined }
  | { readonly kind: 'remember'; readonly content: string }
  | { readonly kind: 'forget'; readonly content: string }
  | { readonly kind: 'memories' }
  | { readonly kind: 'unknown' };

const LONGEST_TITLE = 200;
const MOST_LISTED = 50;

const pattern = (source: string) => new RegExp(source.replaceAll('DAY', `(?:${DAY_WORDS})`), 'i');

const POLITE =
  /^(?:(?:please|hey|hi|hello|ok|okay|hearth|can you|could you|would you|will you|i want you to|i want to|i need to)[,:]?\s+)+/i;
const ADD = pattern(
  String.raw`^(?:add|create|make|set up|schedule)\s+(?:me\s+)?(?:an?\s+)?(?:new\s+)?(?:(high|medium|low)[- ]priority\s+)?(task|to-?do|quest|goal)\b[\s:,]*(.+)$`,
);
const REMIND = /^remind me\s+(.+)$/i;
const DAY_FIRST = pattern(
  String.raw`^(?:due\s+)?(?:for|on|by|until)?\s*(DAY)(?:\s*[:,]\s*|\s+)(?:to\s+)?(.+)$`,
);
const DAY_LAST = pattern(String.raw`^(.+?)[\s,]+(?:due\s+)?(?:(?:for|on|by|until|before)\s+)?(DAY)$`);
const ASKS = /^(?:what|which|show|list|tell me|is there|are there|do i have|anything)\b/i;
const ABOUT_TASKS = /\b(?:due|tasks?|to-?dos?|quests?|goals?|to do|planned|overdue|on for)\b/i;
const COMPLETE = [
  /^(?:complete|finish|tick off|check off)\s+(.+)$/i,
  /^mark\s+(.+?)\s+(?:as\s+)?(?:done|complete|completed|finished)$/i,
  /^(?:i|i've|i have|i am|i'm)\s+(?:done with|done|finished|completed)\s+(.+)$/i,
];
const DELETE = /^(?:delete|remove|drop|cancel)\s+(.+)$/i;
const REMEMBER = /^(?:remember|note|keep in mind)(?:\s+that\b|\s*:)?\s+(.+)$/i;
const FORGET = /^forget\s+(?:that\s+|about\s+)?(.+)$/i;
const MEMORIES = /^(?:what do you (?:remember|know)\b|(?:show|list)\b.*\bmemor(?:y|ies)\b)/i;

/** Understands English, a small part of it: `docs/assistant.md` lists what. @param today a calendar date */
export function intentOf(sentence: string, today: string): Intent {
  const text = sentence
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.!?\s]+$/, '')
    .replace(POLITE, '');
  const remembered = REMEMBER.exec(text)?.[1];
  if (remembered !== undefined) return { kind: 'remember', content: upperFirst(remembered) };
  return addition(text, today) ?? question(text, today) ?? change(text) ?? { kind: 'unknown' };
}

function addition(text: string, today: string): Intent | undefined {
  const [, priority, noun, rest] = ADD.exec(text) ?? [];
  const said = rest ?? REMIND.exec(text)?.[1];
  if (said === undefined) return undefined;
  const [, dayFirst, restFirst] = DAY_FIRST.exec(said) ?? [];
  const [, restLast, dayLast] = dayFirst === undefined ? (DAY_LAST.exec(said) ?? []) : [];
  const dueDate = dateOfWords(dayFirst ?? dayLast ?? 'today', today);
  const title = titleOf(dueDate === undefined ? said : (restFirst ?? restLast ?? said));
  if (title === '') return undefined;
  const type = noun?.toLowerCase() === 'goal' ? 'goal' : 'task';
  return { kind: 'add', type, title, dueDate: dueDate ?? today, priority: priority?.toLowerCase() };
}

function question(text: string, today: string): Intent | undefined {
  if (MEMORIES.test(text)) return { kind: 'memories' };
  const asks = ASKS.test(text);
  if ((asks || /^(?:my )?guitars?\b/i.test(text)) && /\bguitars?\b/i.test(text))
    return { kind: 'guitars', brand: brandIn(text) };
  if (!asks || !ABOUT_TASKS.test(text)) return undefined;
  if (/\bgoals?\b/i.test(text))
    return { kind: 'due', period: 'goals', query: { type: 'goal', status: 'active', limit: MOST_LISTED } };
  return { kind: 'due', ...periodIn(text, today) };
}

function periodIn(text: string, today: string) {
  const limit = MOST_LISTED;
  if (/\boverdue\b/i.test(text)) return { period: 'overdue', query: { view: 'overdue', limit } };
  // The week that begins today: what was added "on Friday" is in it.
  if (/\b(?:this|the next|next|coming) (?:week|7 days|seven days)\b/i.test(text))
    return { period: 'this week', query: { from: today, to: daysAfter(today, 6), limit } };
  const words = pattern('\\bDAY\\b').exec(text)?.[0];
  const date = words === undefined ? undefined : dateOfWords(words, today);
  if (date === undefined) return { period: 'open', query: { status: 'pending', limit } };
  return { period: date === today ? 'today' : `on ${date}`, query: { from: date, to: date, limit } };
}

function change(text: string): Intent | undefined {
  const completed = COMPLETE.map((sentence) => sentence.exec(text)?.[1]).find((title) => title !== undefined);
  if (completed !== undefined) return { kind: 'complete', ...thing(completed) };
  const deleted = DELETE.exec(text)?.[1];
  if (deleted !== undefined) return { kind: 'delete', ...thing(deleted) };
  const forgotten = FORGET.exec(text)?.[1];
  return forgotten === undefined ? undefined : { kind: 'forget', content: forgotten };
}

/** "the task to restring the Telecaster", "my goal “Learn jazz”". */
function thing(words: string): { readonly type: 'task' | 'goal'; readonly title: string } {
  const [, noun, rest = words] =
    /^(?:the |my |that )?(task|to-?do|quest|goal)\b(?: to\b| called\b| named\b|:)?\s+(.+)$/i.exec(words) ??
    [];
  return { type: noun?.toLowerCase() === 'goal' ? 'goal' : 'task', title: titleOf(rest) };
}

function brandIn(text: string): string | undefined {
  const [, after] = /\bguitars? (?:by|from|of|made by) (.+)$/i.exec(text) ?? [];
  const [, before] =
    /\b(?:my|the|all|any|have|which|what|list|show|me) ([\p{L}\d&.' -]+?) guitars?\b/iu.exec(text) ?? [];
  const brand = (after ?? before)?.replace(/^(?:me |all |the |my |of |any |have )+/i, '').trim();
  return brand === undefined || /^(?:my|the|all|me|of|any|have|)$/i.test(brand) ? undefined : brand;
}

function titleOf(words: string): string {
  const bare = words
    .trim()
    .replace(/^(?:to|that|called|named)\s+/i, '')
    .replace(/^["'“‘](.+)["'”’]$/u, '$1')
    .trim();
  return upperFirst(bare).slice(0, LONGEST_TITLE);
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What of some named things somebody means: the one that is called so, or those that hold every word. */
export function meant<T>(words: string, things: readonly T[], nameOf: (thing: T) => string): T[] {
  const wanted = wordsOf(words);
  const same = things.filter((thing) => wordsOf(nameOf(thing)).join(' ') === wanted.join(' '));
  if (same.length > 0) return same;
  return things.filter((thing) => {
    const words_ = wordsOf(nameOf(thing));
    return wanted.length > 0 && wanted.every((word) => words_.includes(word));
  });
}

const FILLERS = new Set(['the', 'a', 'an', 'my', 'that', 'to']);

const wordsOf = (text: string): string[] =>
  (folded(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !FILLERS.has(word));
