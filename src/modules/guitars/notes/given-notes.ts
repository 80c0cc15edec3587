import { ApiError, type ErrorDetail } from '../../../http/errors/api-error.js';
import { UUID } from '../../../http/validation/id.pipe.js';
import { grouped } from '../../../platform/grouped.js';
import { NOTE_BYTES, type Note, noteBytes } from '../guitar.js';
import { NOTE_LIMIT } from '../guitars.errors.js';

/** A note of a guitar that is sent whole. */
interface GivenNote {
  readonly id?: string | null | undefined;
  readonly content: string;
  readonly createdAt?: string | null | undefined;
}

/**
 * The notes of a guitar from now on. One without an id whose content a stored one has is that one; one whose id is no UUID is
 * new, and gets an id.
 * @param faults takes what is wrong with them together
 */
export function givenNotes(
  given: readonly GivenNote[],
  stored: readonly Note[],
  { nextId, now }: { readonly nextId: () => string; readonly now: Date },
  faults: ErrorDetail[],
): Note[] {
  const notes = given.map((note) => ({ ...note, id: uuidOf(note.id) }));
  const ids = notes.flatMap(({ id }) => id ?? []);
  const named = new Set(ids);
  if (named.size < ids.length)
    faults.push({ field: 'notes', code: 'unique', message: 'two notes have the same id' });
  const byId = new Map(stored.map((note) => [note.id, note]));
  const unnamed = stored.filter(({ id }) => !named.has(id));
  const free = grouped(unnamed.toReversed(), ({ content }) => content);
  return notes.map(({ id, content, createdAt }) => {
    const known = id === undefined ? free.get(content)?.pop() : byId.get(id);
    return {
      id: id ?? known?.id ?? nextId(),
      content,
      createdAt: createdAt ?? known?.createdAt ?? now.toISOString(),
    };
  });
}

/** @throws {ApiError} NOTE_LIMIT when they hold too much, and more than before */
export function assertRoomForNotes(notes: readonly Note[], before: readonly Note[] = []): void {
  if (noteBytes(notes) > NOTE_BYTES && notes.length >= before.length) throw new ApiError(NOTE_LIMIT);
}

function uuidOf(id: string | null | undefined): string | undefined {
  const lower = id?.toLowerCase();
  return lower !== undefined && UUID.test(lower) ? lower : undefined;
}
