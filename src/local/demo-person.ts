export interface DemoTask {
  readonly title: string;
  readonly dueDate: string;
  readonly status: 'pending' | 'in-progress';
  /** When it was done, if it was. */
  readonly completedAt?: string;
  readonly priority?: 'low' | 'medium' | 'high';
  readonly category?: string;
  readonly description?: string;
}

const DAY_MS = 86_400_000;

/** Each goal with the steps towards it; a number is the day it is due, from today. */
const GOALS: readonly [string, string, number, readonly [string, number][]][] = [
  [
    'Play the spring concert',
    'music',
    75,
    [
      ['Choose the six songs', -30],
      ['Write out the arrangements', -16],
      ['Book the rehearsal room', -9],
      ['First rehearsal', -2],
      ['Learn the second solo', 5],
      ['Second rehearsal', 12],
      ['Dress rehearsal', 70],
    ],
  ],
  [
    'Run ten kilometres',
    'health',
    60,
    [
      ['Buy running shoes', -40],
      ['Three kilometres without a break', -21],
      ['Five kilometres', -5],
      ['Seven kilometres', 16],
      ['Ten kilometres', 58],
    ],
  ],
  [
    'Rebuild the portfolio site',
    'work',
    30,
    [
      ['Collect screenshots of past projects', -12],
      ['Write the about page', -4],
      ['Move the blog over', 3],
      ['Ask two friends to proof-read', 9],
      ['Publish', 28],
    ],
  ],
  [
    'Learn enough Swedish for the summer',
    'learning',
    180,
    [
      ['Finish the beginners’ course', 40],
      ['Read a children’s book', 95],
    ],
  ],
];

const ROUTINES: readonly [string, string, 'low' | 'medium' | 'high', number][] = [
  ['Water the plants', 'home', 'low', 3],
  ['Practise scales for twenty minutes', 'music', 'medium', 2],
  ['Weekly review', 'work', 'high', 7],
  ['Call the grandparents', 'family', 'medium', 7],
  ['Change the strings of the concert guitar', 'music', 'low', 28],
];

const MILESTONES = ['The six songs by heart', 'Through the whole set without a stop', 'Ready for the stage'];

/** What is near has partly begun. */
const statusOn = (offset: number, position: number): DemoTask['status'] =>
  offset >= 0 && offset < 4 && position % 2 === 0 ? 'in-progress' : 'pending';

/** What is past is mostly done, one in four a day late. */
function completionOf(offset: number, position: number): number | undefined {
  if (offset >= 0 || position % 5 === 4) return undefined;
  return position % 4 === 3 ? Math.min(offset + 1, -1) : offset;
}

/** A person who could be real and is nobody. */
export function demoPerson(today: Date) {
  const dayAfter = (offset: number) => new Date(today.getTime() + offset * DAY_MS).toISOString().slice(0, 10);
  const task = (
    title: string,
    category: string,
    priority: DemoTask['priority'],
    offset: number,
    position: number,
  ) => {
    const completedOn = completionOf(offset, position);
    return {
      title,
      category,
      priority,
      dueDate: dayAfter(offset),
      status: statusOn(offset, position),
      ...(completedOn !== undefined && { completedAt: `${dayAfter(completedOn)}T17:30:00Z` }),
    } as DemoTask;
  };
  const looseTasks = ROUTINES.flatMap(([title, category, priority, every]) =>
    Array.from({ length: Math.floor(34 / every) }, (_, position) =>
      task(title, category, priority, position * every - 34, position),
    ),
  );
  const rules = ROUTINES.map(([title, category, priority, every]) => ({
    title,
    category,
    priority,
    startDate: dayAfter(0),
    ...(every === 7 ? { frequency: 'weekly' } : { frequency: 'daily', interval: every }),
    mode: every > 7 ? 'completion' : 'schedule',
    skipIfOpen: true,
  }));
  const goals = GOALS.map(([title, category, target, steps]) => ({
    title,
    category,
    dueDate: dayAfter(target),
    milestones: title === GOALS[0]?.[0] ? MILESTONES : [],
    tasks: steps.map(([step, offset], position) =>
      task(step, category, offset < 7 ? 'high' : 'medium', offset, position),
    ),
  }));
  return {
    account: { email: 'alex@example.com', password: 'Demo-pa55word', name: 'Alex Example', username: 'alex' },
    profile: { firstName: 'Alex', lastName: 'Example', theme: 'Dev' },
    preferences: { timezone: 'Europe/Stockholm', sidebar: 'left' },
    goals,
    looseTasks,
    rules,
  };
}
