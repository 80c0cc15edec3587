interface DemoTask {
  readonly title: string;
  readonly dueDate: string;
  readonly status: 'pending' | 'in-progress' | 'completed';
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

/** What is past is mostly done, what is near has partly begun. */
function statusOn(offset: number, position: number): DemoTask['status'] {
  if (offset < 0) return position % 5 === 4 ? 'pending' : 'completed';
  return offset < 4 && position % 2 === 0 ? 'in-progress' : 'pending';
}

/** A person who could be real and is nobody. */
export function demoPerson(today: Date) {
  const dayAfter = (offset: number) => new Date(today.getTime() + offset * DAY_MS).toISOString().slice(0, 10);
  const looseTasks: DemoTask[] = ROUTINES.flatMap(([title, category, priority, every]) =>
    Array.from({ length: Math.floor(56 / every) }, (_, position) => {
      const offset = (position + 1) * every - 35;
      return { title, category, priority, dueDate: dayAfter(offset), status: statusOn(offset, position) };
    }),
  );
  const goals = GOALS.map(([title, category, target, steps]) => ({
    title,
    category,
    dueDate: dayAfter(target),
    tasks: steps.map(([step, offset], position): DemoTask => ({
      title: step,
      category,
      priority: offset < 7 ? 'high' : 'medium',
      dueDate: dayAfter(offset),
      status: statusOn(offset, position),
    })),
  }));
  return {
    account: { email: 'alex@example.com', password: 'Demo-pa55word', name: 'Alex Example', username: 'alex' },
    profile: { firstName: 'Alex', lastName: 'Example', theme: 'Dev' },
    preferences: { timezone: 'Europe/Stockholm', sidebar: 'left' },
    goals,
    looseTasks,
  };
}
