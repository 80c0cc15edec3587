import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { VERSION } from '../../../http/envelope/etag.js';
import { Clock } from '../../../platform/clock.js';
import { asSeen } from '../../../platform/dynamodb/faults.js';
import { IdSource } from '../../../platform/ids.js';
import type { NoteOfGuitarResponse } from '../dto/guitar-response.dto.js';
import type { NoteDto, UpdateNoteDto } from '../dto/guitar.dto.js';
import type { Guitar, Note } from '../guitar.js';
import { NOTE_NOT_FOUND } from '../guitars.errors.js';
import { assertRoomForNotes } from './given-notes.js';
import { GuitarsRepository } from '../guitars.repository.js';

type Versions = readonly number[] | undefined;

/** Notes are part of their guitar (seed 001): its version is theirs. */
@Injectable()
export class NotesService {
  constructor(
    private readonly guitars: GuitarsRepository,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async create(userId: string, guitarId: string, { content }: NoteDto): Promise<NoteOfGuitarResponse> {
    const note = { id: this.ids.next(), content, createdAt: this.clock.now().toISOString() };
    const guitar = await this.change(userId, guitarId, undefined, (notes) => {
      // Under an Idempotency-Key the id is that of the first run.
      return notes.some(({ id }) => id === note.id) ? notes : [...notes, note];
    });
    return shown(guitar, note.id);
  }

  async update(
    userId: string,
    guitarId: string,
    id: string,
    { content }: UpdateNoteDto,
    versions: Versions,
  ): Promise<NoteOfGuitarResponse> {
    const guitar = await this.change(userId, guitarId, versions, (notes) => {
      assertThere(notes, id);
      return notes.map((note) => (note.id === id && content !== undefined ? { ...note, content } : note));
    });
    return shown(guitar, id);
  }

  async remove(
    userId: string,
    guitarId: string,
    id: string,
    versions: Versions,
  ): Promise<{ id: string; deleted: true }> {
    await this.change(userId, guitarId, versions, (notes) => {
      assertThere(notes, id);
      return notes.filter((note) => note.id !== id);
    });
    return { id, deleted: true };
  }

  private change(
    userId: string,
    guitarId: string,
    versions: Versions,
    changed: (notes: readonly Note[]) => readonly Note[],
  ): Promise<Guitar> {
    const attempt = async () => {
      const { item, guitar } = await this.guitars.read(userId, guitarId, versions);
      const notes = changed(guitar.notes);
      assertRoomForNotes(notes, guitar.notes);
      return this.guitars.replace(item, { notes });
    };
    return asSeen(versions, attempt);
  }
}

function assertThere(notes: readonly Note[], id: string): void {
  if (!notes.some((note) => note.id === id)) throw new ApiError(NOTE_NOT_FOUND);
}

/** Under the version of its guitar, for If-Match. */
function shown({ id: guitarId, notes, version }: Guitar, id: string): NoteOfGuitarResponse {
  const note = notes.find((each) => each.id === id);
  if (!note) throw new ApiError(NOTE_NOT_FOUND);
  return Object.assign({ ...note, guitarId }, { [VERSION]: version });
}
