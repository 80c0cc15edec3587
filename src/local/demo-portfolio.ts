/** What the demo's person shows of themselves. */
export const DEMO_SETTINGS = {
  title: 'Notes from the workbench',
  description: 'Guitars, code and what lies between.',
  authorName: 'Robin Example',
  badges: true,
  chart: true,
};

const post = (
  title: string,
  excerpt: string,
  category: string,
  tags: readonly string[],
  content: string,
) => ({
  title,
  excerpt,
  category,
  tags,
  content,
});

export const DEMO_POSTS = [
  post(
    'Setting the intonation of a Telecaster',
    'Three saddles, six strings, one compromise.',
    'Workshop',
    ['telecaster', 'setup'],
    '# Before you begin\n\nPut on *new* strings, and let them settle for a day.\n\n1. Tune.\n2. Compare the twelfth fret with its harmonic.\n3. Sharp: move the saddle back. Flat: forward.\n',
  ),
  post(
    'One table for everything',
    'What a single DynamoDB table asks of its keys, and what it gives back.',
    'Code',
    ['dynamodb', 'serverless'],
    '# Questions first\n\nWrite down every question that the application asks, then make one key answer each.\n\n```ts\nconst postsByTag = (tag: string) => `BLOG#TAG#${tag}`;\n```\n',
  ),
  post(
    'Counting visitors without knowing them',
    'A salt for each day, and forgetting as a feature.',
    'Code',
    ['privacy', 'serverless'],
    '# Forgetting\n\nWhat is hashed under a random salt cannot be found again once the salt is gone.\n',
  ),
];

export const DEMO_PROJECTS = [
  {
    name: 'Fretboard',
    description: 'Learns with you where the notes are.',
    tech: ['TypeScript', 'Web Audio'],
    featured: true,
    githubUrl: 'https://github.com/example/fretboard',
    liveUrl: 'https://fretboard.example.com',
  },
  {
    name: 'Humidor',
    description: 'Keeps an eye on the air in a guitar case.',
    tech: ['Rust', 'ESP32'],
    company: 'Example Instruments',
  },
];

export const DEMO_CERTIFICATIONS = [
  {
    name: 'Setup and repair, level two',
    issuer: 'Example School of Lutherie',
    icon: '🎸',
    type: 'course',
    dateEarned: '2023-05-12',
  },
  {
    name: 'Cloud architect, associate',
    issuer: 'Example Cloud',
    type: 'certification',
    featured: true,
    dateEarned: '2024-09-30',
    expiresAt: '2027-09-30',
    credentialId: 'EX-2024-0930',
  },
];
