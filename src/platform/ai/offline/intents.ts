import { foldedWords } from '../../key-text.js';
import { daysAfter } from '../../local-time.js';
import { dateOfWords, DAY_WORDS, UNCLEAR_DAY_WORDS } from './dates.js';

type QuestType = 'task' | 'goal';
type Query = Readonly<Record<string, unknown>>;

/** A task or a goal, as somebody names it. */
export interface Named {
  readonly type: QuestType;
  readonly title: string;
  /** The same without the day at its end, and that day: where several have one title it tells which. */
  readonly dated?: { readonly title: string; readonly dueDate: string } | undefined;
}

/** What a sentence asks for. */
export type Intent =
  | {
      readonly kind: 'add';
      readonly type: QuestType;
      readonly title: string;
      readonly dueDate: string;
      readonly priority: string | undefined;
    }
  /** Something is to be added for a day, or asked of one, that is not understood. */
  | { readonly kind: 'unclearDay' }
  /** A task is for today where nothing is said; a goal would be over tomorrow. */
  | { readonly kind: 'noDay' }
  | { readonly kind: 'due'; readonly period: string; readonly queries: readonly Query[] }
  | ({ readonly kind: 'complete' | 'delete' } & Named)
  | { readonly kind: 'guitars'; readonly brand: string | undefined }
  | { readonly kind: 'remember'; readonly content: string }
  | { readonly kind: 'forget'; readonly content: string }
  | { readonly kind: 'memories'; readonly about: string | undefined }
  /** A yes or a no, which is not said here. */
  | { readonly kind: 'decide' }
  | { readonly kind: 'unknown' };

const LONGEST_TITLE = 200;
const MOST_LISTED = 50;

const pattern = (source: string, flags = 'i') =>
  new RegExp(
    source.replaceAll('UNCLEAR', `(?:${UNCLEAR_DAY_WORDS})`).replaceAll('DAY', `(?:${DAY_WORDS})`),
    flags,
  );

const DECIDES = /^(?:yes|yep|ok|okay|sure|confirm|do it|no|nope|reject)$/i;
const POLITE =
  /^(?:(?:please|hey|hi|hello|ok|okay|hearth|can you|could you|would you|will you|i want you to|i want to|i need to)[,:]?\s+)+/i;
const ADD =
  /^(?:add|create|make|set|set up|schedule|new)\s+(?:me\s+)?(?:an?\s+)?(?:new\s+)?(?:(urgent|(?:high|medium|low)[- ]priority)\s+)?(task|to-?do|reminder|quest|goal)\b[\s:,]*(.+)$/i;
/** Without a verb, and so without a priority before the noun. */
const ADD_BRIEFLY = /^()(to-?do|to do(?=:)|goal)\b\s*:?\s+(.+)$/i;
const REMIND = /^(?:remind me|remember to)\s+(.+)$/i;
const DAY_FIRST = pattern(
  String.raw`^(?:due\s+)?(?:for|on|by|until)?\s*(DAY)(?:\s*[:,]\s*|\s+)(?:to\s+)?(.+)$`,
);
const DAY_LAST = pattern(String.raw`^(.+?)[\s,]+(?:due\s+)?(?:(?:for|on|by|until|before)\s+)?(DAY)$`);
const ONLY_A_DAY = pattern(String.raw`^(?:(?:for|on|by|to)\s+)?(DAY)$`);
const UNCLEAR_LAST = pattern(String.raw`[\s,](UNCLEAR|DAY)$`);
const ASKS = /^(?:whats?|which|show|list|tell me|is there|are there|do i have|anything|how many)\b/i;
const ABOUT_TASKS = /\b(?:due|tasks?|to-?dos?|quests?|goals?|to do|planned|overdue|on for)\b/i;
const EVERY_DAY = pattern('\\bDAY\\b', 'gi');
/** After "due" comes when, or nothing more. */
const NAMES_SOMETHING =
  /\bdue\s+(?!(?:tasks?|to-?dos?|quests?|goals?|now|next|soon|for me)$|(?:and|or|but)\b)\S/i;
const UNCLEAR_DAY = pattern('\\bUNCLEAR\\b');
const COMPLETE = [
  /^(?:complete|finish|tick off|check off|done with)\s+(.+)$/i,
  /^mark\s+(.+?)\s+(?:as\s+)?(?:done|complete|completed|finished)$/i,
  /^(?:i|i've|i have|i am|i'm)\s+(?:done with|done|finished|completed)\s+(.+)$/i,
];
const DELETE = /^(?:delete|remove|drop|cancel)\s+(.+)$/i;
const REMEMBER = /^(?:remember|note|keep in mind)(?:\s+that\b|\s*:)?\s+(.+)$/i;
const FORGET = /^forget\s+(?:that\s+|about\s+)?(.+)$/i;
const MEMORIES =
  /^(?:what do you (?:remember|know)|(?:show|list)(?: me)?(?: all)?(?: my| your)? memor(?:y|ies))(?: (?:about|of) (.+))?$/i;

/** Understands English, a small part of it: `docs/assistant.md` lists what. @param today a calendar date */
export function intentOf(sentence: string, today: string): Intent {
  const text = sentence
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.!?\s]+$/, '');
  if (DECIDES.test(text)) return { kind: 'decide' };
  const asked = text.replace(POLITE, '');
  return (
    addition(asked, today) ??
    remembering(asked) ??
    question(asked, today) ??
    change(asked, today) ?? { kind: 'unknown' }
  );
}

function addition(text: string, today: string): Intent | undefined {
  const [, priority, noun, rest] = ADD.exec(text) ?? ADD_BRIEFLY.exec(text) ?? [];
  const said = rest ?? REMIND.exec(text)?.[1];
  if (said === undefined || ONLY_A_DAY.test(said)) return undefined;
  const [, dayFirst, restFirst] = DAY_FIRST.exec(said) ?? [];
  const [, restLast, dayLast] = dayFirst === undefined ? (DAY_LAST.exec(said) ?? []) : [];
  const day = dayFirst ?? dayLast;
  const dueDate = dateOfWords(day ?? 'today', today);
  // "Every Friday" is no day, but a rule.
  const isRule = restLast !== undefined && /\bevery(?: other)?$/i.test(restLast);
  if (dueDate === undefined || isRule || (day === undefined && UNCLEAR_LAST.test(said)))
    return { kind: 'unclearDay' };
  const title = titleOf(restFirst ?? restLast ?? said);
  if (title === '') return undefined;
  const type = noun?.toLowerCase() === 'goal' ? 'goal' : 'task';
  if (type === 'goal' && day === undefined) return { kind: 'noDay' };
  return { kind: 'add', type, title, dueDate, priority: priorityOf(priority) };
}

const priorityOf = (words: string | undefined): string | undefined =>
  words?.toLowerCase() === 'urgent' ? 'high' : words?.toLowerCase().split(/[- ]/)[0] || undefined;

function remembering(text: string): Intent | undefined {
  const content = REMEMBER.exec(text)?.[1];
  return content === undefined ? undefined : { kind: 'remember', content: upperFirst(content) };
}

function question(text: string, today: string): Intent | undefined {
  const [memories, about] = MEMORIES.exec(text) ?? [];
  if (memories !== undefined) return { kind: 'memories', about: about === 'me' ? undefined : about };
  const asks = ASKS.test(text);
  if ((asks || /^(?:my )?guitars?\b/i.test(text)) && /\bguitars?\b/i.test(text))
    return { kind: 'guitars', brand: brandIn(text) };
  if (!asks || !ABOUT_TASKS.test(text) || /\b(?:completed|done|finished)\b/i.test(text)) return undefined;
  const period = periodIn(text, today);
  return period ? { kind: 'due', ...period } : { kind: 'unclearDay' };
}

/** Undefined where a day is named that is not understood. */
function periodIn(
  text: string,
  today: string,
): { readonly period: string; readonly queries: readonly Query[] } | undefined {
  const limit = MOST_LISTED;
  const goals = /\bgoals?\b/i.test(text);
  const days = (from: string, to: string) => [{ ...(goals && { type: 'goal' }), from, to, limit }];
  if (/\boverdue\b/i.test(text)) return { period: 'overdue', queries: [{ view: 'overdue', limit }] };
  if (/\bnext week\b/i.test(text))
    return { period: 'due next week', queries: days(daysAfter(today, 7), daysAfter(today, 13)) };
  // The week that begins today: what was added "on Friday" is in it.
  if (/\b(?:(?:this|the coming) week|(?:the )?next (?:7|seven) days)\b/i.test(text))
    return { period: 'due this week', queries: days(today, daysAfter(today, 6)) };
  const words = [...text.matchAll(EVERY_DAY)].map(([day]) => day);
  const dates = [...new Set(words.map((day) => dateOfWords(day, today)))];
  if (
    dates.includes(undefined) ||
    (words.length === 0 && (NAMES_SOMETHING.test(text) || UNCLEAR_DAY.test(text)))
  )
    return undefined;
  const named = (dates as string[]).toSorted();
  if (named.length > 0) {
    const period = named.map((date) => (date === today ? 'today' : `on ${date}`)).join(' and ');
    return { period: `due ${period}`, queries: named.flatMap((date) => days(date, date)) };
  }
  const of = (type: QuestType, statuses: readonly string[]) =>
    statuses.map((status) => ({ type, status, limit }));
  return goals
    ? { period: 'among your goals', queries: of('goal', ['active']) }
    : { period: 'open', queries: of('task', ['pending', 'in-progress']) };
}

function change(text: string, today: string): Intent | undefined {
  const completed = COMPLETE.map((sentence) => sentence.exec(text)?.[1]).find((title) => title !== undefined);
  const deleted = DELETE.exec(text)?.[1];
  const words = completed ?? deleted;
  if (words !== undefined) {
    const named = namedIn(words, today);
    // "Cancel that": nothing is named.
    if (named.title === '') return undefined;
    return { kind: completed === undefined ? 'delete' : 'complete', ...named };
  }
  const forgotten = FORGET.exec(text)?.[1];
  return forgotten === undefined ? undefined : { kind: 'forget', content: forgotten };
}

/** "the task to restring the Telecaster", "my goal “Learn jazz”", "meet Joe on Saturday". */
function namedIn(words: string, today: string): Named {
  const [, noun, rest = words] =
    /^(?:the |my |that )?(task|to-?do|quest|goal)\b(?: to\b| called\b| named\b|:)?\s+(.+)$/i.exec(words) ??
    [];
  const [, undated, day = ''] = DAY_LAST.exec(rest) ?? [];
  const dueDate = dateOfWords(day, today);
  return {
    type: noun?.toLowerCase() === 'goal' ? 'goal' : 'task',
    title: titleOf(rest),
    ...(undated !== undefined && dueDate !== undefined && { dated: { title: titleOf(undated), dueDate } }),
  };
}

function brandIn(text: string): string | undefined {
  const [, after] = /\bguitars? (?:by|from|of|made by) (.+)$/i.exec(text) ?? [];
  const [, before] =
    /\b(?:my|the|all|any|have|which|what|many|list|show|me) ([\p{L}\d&.' -]+?) guitars?\b/iu.exec(text) ?? [];
  const brand = (after ?? before)?.replace(/^(?:me |all |the |my |of |any |have )+/i, '').trim();
  return brand === undefined || /^(?:my|the|all|me|of|any|have|)$/i.test(brand) ? undefined : brand;
}

function titleOf(words: string): string {
  const bare = words
    .trim()
    .replace(/^(?:to|that|called|named)(?:\s+|$)/i, '')
    .replace(/^["'“‘](.+)["'”’]$/u, '$1')
    .trim();
  return [...upperFirst(bare)].slice(0, LONGEST_TITLE).join('');
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What of some things somebody means by words: the one that is called so, or those that hold every word. */
export function meant<T>(words: string, things: readonly T[], nameOf: (thing: T) => string): T[] {
  const same = things.filter((thing) => isCalled(words, nameOf(thing)));
  if (same.length > 0) return same;
  const wanted = wordsOf(words);
  return things.filter((thing) => {
    const known = wordsOf(nameOf(thing));
    return wanted.length > 0 && wanted.every((word) => known.includes(word));
  });
}

/** Whether words are a name, but for case, accents, articles and signs. */
export const isCalled = (words: string, name: string): boolean =>
  wordsOf(words).join(' ') === wordsOf(name).join(' ');

const FILLERS = new Set(['the', 'a', 'an', 'my', 'that', 'to']);

const wordsOf = (text: string): string[] => foldedWords(text).filter((word) => !FILLERS.has(word));
