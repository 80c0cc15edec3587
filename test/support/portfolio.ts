import type { Client } from './client.js';
import type { Person } from './test-app.js';

export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
export const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** Headers of a browser that may be counted. */
export const browsing = (more: Readonly<Record<string, string>> = {}) => ({
  headers: { 'User-Agent': FIREFOX, ...more },
});

export const POST = {
  title: 'Setting the intonation',
  excerpt: 'Three saddles, six strings.',
  content: '# Before you begin\n\nNew strings.',
  category: 'Workshop',
  tags: ['telecaster', 'setup'],
};

export const PROJECT = { name: 'Fretboard', description: 'Learns notes.', tech: ['TypeScript'] };

export const CERTIFICATION = {
  name: 'Luthier',
  issuer: 'Example Academy',
  type: 'certification',
  dateEarned: '2024-05-31',
};

/** What the owner makes, by the shortest ways. */
export function portfolioOf({ client }: Pick<Person, 'client'>) {
  const made = async (path: string, body: object) => {
    const { status, data, text } = await client.post(path, body);
    if (status !== 201) throw new Error(text);
    return data;
  };
  const published = async (path: string, body: object) => {
    const { id } = await made(path, body);
    const { status, data, text } = await client.post(`${path}/${id}/publish`, {});
    if (status !== 200) throw new Error(text);
    return data;
  };
  return {
    draft: (fields: object = {}) => made('/v1/blog/posts', { ...POST, ...fields }),
    post: (fields: object = {}) => published('/v1/blog/posts', { ...POST, ...fields }),
    project: (fields: object = {}) => published('/v1/projects', { ...PROJECT, ...fields }),
    certification: (fields: object = {}) => published('/v1/certifications', { ...CERTIFICATION, ...fields }),
  };
}

/** Somebody else each time, from an address of their own. */
export function strangers(client: Client): () => Client {
  let count = 0;
  return () => {
    count += 1;
    return client.from(
      `127.${10 + Math.floor(count / 62_500)}.${Math.floor(count / 250) % 250}.${(count % 250) + 1}`,
    );
  };
}
