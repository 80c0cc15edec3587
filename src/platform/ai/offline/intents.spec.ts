import { describe, expect, it } from '@jest/globals';
import { dateOfWords } from './dates.js';
import { intentOf, meant } from './intents.js';

/** A Wednesday. */
const TODAY = '2025-06-25';

describe('What the offline assistant understands', () => {
  const task = (title: string, dueDate: string, priority?: string) => ({
    kind: 'add',
    type: 'task',
    title,
    dueDate,
    priority,
  });
  const complete = (title: string, type = 'task') => ({ kind: 'complete', type, title });
  const remove = (title: string, type = 'task') => ({ kind: 'delete', type, title });
  const due = (period: string, ...queries: object[]) => ({
    kind: 'due',
    period,
    queries: queries.map((query) => ({ ...query, limit: 50 })),
  });

  it.each([
    ['add a task to restring the Telecaster on Friday', task('Restring the Telecaster', '2025-06-27')],
    ['Add a task: restring the Telecaster.', task('Restring the Telecaster', TODAY)],
    ['add a task for Friday to restring the Telecaster', task('Restring the Telecaster', '2025-06-27')],
    ['please add a new high-priority task to call Ada tomorrow!', task('Call Ada', '2025-06-26', 'high')],
    ['create a todo “Buy strings” by 2025-07-01', task('Buy strings', '2025-07-01')],
    ['remind me to water the plants in 3 days', task('Water the plants', '2025-06-28')],
    ['Could you schedule a task to tune up on 4 July', task('Tune up', '2025-07-04')],
    ['add a task to play on Broadway', task('Play on Broadway', TODAY)],
    ['add a task to read 1984', task('Read 1984', TODAY)],
    ['add a task to celebrate on Dec 25, 2026', task('Celebrate', '2026-12-25')],
    ['add an urgent task to ship it by 3rd of Sept.', task('Ship it', '2025-09-03', 'high')],
    ['new task: sweep the floor', task('Sweep the floor', TODAY)],
    ['todo sweep the floor tomorrow', task('Sweep the floor', '2025-06-26')],
    ['add a reminder to feed the cat', task('Feed the cat', TODAY)],
    ['remember to breathe on Friday', task('Breathe', '2025-06-27')],
    ['set a goal to run a marathon by 1 July', { ...task('Run a marathon', '2025-07-01'), type: 'goal' }],
    ['set a goal to run a marathon', { kind: 'noDay' }],
    ['create a goal: run a marathon by June', { kind: 'unclearDay' }],
    ['add a task to book a flight by the end of the month', { kind: 'unclearDay' }],
    ['add a task to ping Ada this weekend', { kind: 'unclearDay' }],
    ['add a task to pay rent every month', { kind: 'unclearDay' }],
    ['add a task to water the plants every Friday', { kind: 'unclearDay' }],
    ['what tasks do I have this weekend', { kind: 'unclearDay' }],
    ['add a task to march in June', { kind: 'unclearDay' }],
    ['To do: clean the amp on July 4th', task('Clean the amp', '2025-07-04')],
    ['whats due tomorrow', due('due on 2025-06-26', { from: '2025-06-26', to: '2025-06-26' })],
    [
      'what’s due today and tomorrow?',
      due(
        'due today and on 2025-06-26',
        { from: TODAY, to: TODAY },
        { from: '2025-06-26', to: '2025-06-26' },
      ),
    ],
    ['what is due in December', { kind: 'unclearDay' }],
    ['what is due tommorow', { kind: 'unclearDay' }],
    ['cancel that', { kind: 'unknown' }],
    ['add a task to pay on 25/12/2026', { kind: 'unclearDay' }],
    ['add a task to pay on 2026-13-45', { kind: 'unclearDay' }],
    ['add a task to practise on 31 February', { kind: 'unclearDay' }],
    ['add a task to read in a month', { kind: 'unclearDay' }],
    ['add a task to go to the shop yesterday', { kind: 'unclearDay' }],
    ['add a task to', { kind: 'unknown' }],
    ['remind me tomorrow', { kind: 'unknown' }],
    ['add a task to visit the mart 12', task('Visit the mart 12', TODAY)],
    ['todo buy strings 10/46', task('Buy strings 10/46', TODAY)],
    ['add a task to pay by 10/12', { kind: 'unclearDay' }],
    ['list my goals due this week', due('due this week', { type: 'goal', from: TODAY, to: '2025-07-01' })],
    ['what tasks are completed', { kind: 'unknown' }],
    [`add a task to ${'🎸'.repeat(250)}`, task('🎸'.repeat(200), TODAY)],
    ['what is due next week', due('due next week', { from: '2025-07-02', to: '2025-07-08' })],
    ['how many guitars do I have?', { kind: 'guitars', brand: undefined }],
    ['what do you remember about strings', { kind: 'memories', about: 'strings' }],
    ['done with sweeping', complete('Sweeping')],
    [
      'complete meet Joe on Saturday',
      { ...complete('Meet Joe on Saturday'), dated: { title: 'Meet Joe', dueDate: '2025-06-28' } },
    ],
    ['Yes!', { kind: 'decide' }],
    ['no', { kind: 'decide' }],
    ['make a goal to learn jazz by December 31st', { ...task('Learn jazz', '2025-12-31'), type: 'goal' }],
    ['what is due today?', due('due today', { from: TODAY, to: TODAY })],
    ['What’s on for tomorrow', due('due on 2025-06-26', { from: '2025-06-26', to: '2025-06-26' })],
    ['what is due this week?', due('due this week', { from: TODAY, to: '2025-07-01' })],
    ['what do I have to do on Monday', due('due on 2025-06-30', { from: '2025-06-30', to: '2025-06-30' })],
    ['show overdue tasks', due('overdue', { view: 'overdue' })],
    [
      'list my tasks',
      due('open', { type: 'task', status: 'pending' }, { type: 'task', status: 'in-progress' }),
    ],
    ['list my goals', due('among your goals', { type: 'goal', status: 'active' })],
    ['complete restring the Telecaster', complete('Restring the Telecaster')],
    ['mark the task restring the Telecaster as done', complete('Restring the Telecaster')],
    ['I finished the goal “Learn jazz”', complete('Learn jazz', 'goal')],
    ['delete the task Buy strings', remove('Buy strings')],
    ['remove my goal learn jazz', remove('Learn jazz', 'goal')],
    ['list my guitars', { kind: 'guitars', brand: undefined }],
    ['list my Fender guitars', { kind: 'guitars', brand: 'Fender' }],
    ['which guitars by Paul Reed Smith?', { kind: 'guitars', brand: 'Paul Reed Smith' }],
    ['show me all the Gibson guitars', { kind: 'guitars', brand: 'Gibson' }],
    ['remember that I use .010 strings', { kind: 'remember', content: 'I use .010 strings' }],
    ['Remember: add a task is what I say', { kind: 'remember', content: 'Add a task is what I say' }],
    ['what do you remember about me?', { kind: 'memories', about: undefined }],
    ['forget about .010 strings', { kind: 'forget', content: '.010 strings' }],
    ['hello', { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
    ['add a task', { kind: 'unknown' }],
  ])('“%s”', (sentence, intent) => {
    expect(intentOf(sentence, TODAY)).toEqual(intent);
  });

  it.each([
    ['today', TODAY],
    ['Wednesday', TODAY],
    ['next Wednesday', '2025-07-02'],
    ['this thursday', '2025-06-26'],
    ['tuesday', '2025-07-01'],
    ['the day after tomorrow', '2025-06-27'],
    ['in a week', '2025-07-02'],
    ['in two weeks', '2025-07-09'],
    ['June 25', TODAY],
    ['24 June', '2026-06-24'],
    ['February 29th', undefined],
    ['the 1st of August', '2025-08-01'],
    ['2025-13-01', undefined],
    ['someday', undefined],
  ])('the day “%s”', (words, date) => {
    expect(dateOfWords(words, TODAY)).toBe(date);
  });

  it('means the one that is called so, or else those that hold every word', () => {
    const things = ['Clean the frets', 'Clean frets and pickups', 'Buy strings'];
    const found = (words: string) => meant(words, things, (thing) => thing);
    expect(found('clean frets')).toEqual(['Clean the frets']);
    expect(found('the pickups')).toEqual(['Clean frets and pickups']);
    expect(found('FRETS')).toEqual(['Clean the frets', 'Clean frets and pickups']);
    expect(found('the')).toEqual([]);
    expect(found('drums')).toEqual([]);
  });

  it('answers any sentence of the longest kind at once', () => {
    const sentence = `add a task ${'on friday to '.repeat(380)}`;
    expect(intentOf(sentence, TODAY).kind).toBe('add');
    for (const word of ['guitars by ', 'what is due ', 'mark as done ', 'please please '])
      expect(typeof intentOf(word.repeat(Math.floor(5000 / word.length)), TODAY).kind).toBe('string');
  });
});
