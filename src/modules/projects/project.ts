import { type Item, textOf } from '../../platform/dynamodb/item.js';
import { folded } from '../../platform/key-text.js';
import type { Entry, EntryKind } from '../portfolio/entries.js';
import { PROJECT_NOT_FOUND } from './projects.errors.js';

/** Something that was made (seed 003). */
export interface Project extends Entry {
  readonly description: string;
  readonly longDescription: string | null;
  readonly tech: readonly string[];
  readonly company: string | null;
  readonly githubUrl: string | null;
  readonly liveUrl: string | null;
  readonly imageUrl: string | null;
}

/** Ids are in the order of creation. */
export const PROJECTS: EntryKind<Project> = {
  name: 'PROJECT',
  notFound: PROJECT_NOT_FOUND,
  positionOf: ({ id }) => id,
  fieldsFrom: (item) => ({
    description: item['description'] as string,
    longDescription: textOf(item, 'longDescription'),
    tech: item['tech'] as string[],
    company: textOf(item, 'company'),
    githubUrl: textOf(item, 'githubUrl'),
    liveUrl: textOf(item, 'liveUrl'),
    imageUrl: textOf(item, 'imageUrl'),
  }),
};

/** Whether a stored project was made with something, whatever the case. */
export const isMadeWith = (tech: string) => (item: Item) =>
  (item['tech'] as string[]).some((each) => folded(each) === folded(tech));
