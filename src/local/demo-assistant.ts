/** What the assistant knows of the believable person, and what they have said to it. */
export const DEMO_MEMORIES = [
  { content: 'I play .010 strings on electrics and .012 on the dreadnought.', tags: ['strings'] },
  { content: 'Rehearsals are on Tuesdays at seven.', tags: ['music'] },
  { content: 'I prefer short answers.' },
];

export const DEMO_CONTEXT = { assistant: { tone: 'brief', units: 'metric' } };

/** Sentences that need no model. */
export const DEMO_CONVERSATION = [
  'what is due this week?',
  'add a task to restring the Telecaster on Friday',
  'list my Fender guitars',
];
