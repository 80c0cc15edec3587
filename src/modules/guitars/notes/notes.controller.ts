import { Body, Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { IfMatch } from '../../../http/envelope/etag.js';
import { CreatedAt } from '../../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Idempotent } from '../../../http/idempotency/idempotent.decorator.js';
import { Fails, FailsValidationAs, Gives, Versioned } from '../../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../../http/openapi/removed.dto.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { Update } from '../../../http/request/update.decorator.js';
import { NoteDto, UpdateNoteDto } from '../dto/guitar.dto.js';
import { NoteOfGuitarResponse } from '../dto/guitar-response.dto.js';
import { GUITAR_NOT_FOUND, GUITAR_VALIDATION_ERROR, NOTE_LIMIT, NOTE_NOT_FOUND } from '../guitars.errors.js';
import { NotesService } from './notes.service.js';

const GuitarId = () => Param('guitarId', idOf(GUITAR_NOT_FOUND));
const NoteId = () => Param('noteId', idOf(NOTE_NOT_FOUND));

@ApiTags('Guitars')
@Controller('guitars/:guitarId/notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  /** Adds a note to a guitar. */
  @Post()
  @Idempotent()
  @CreatedAt('/v1/guitars/:guitarId')
  @Versioned()
  @Gives(NoteOfGuitarResponse, 201)
  @Fails(GUITAR_NOT_FOUND, NOTE_LIMIT, WRITE_CONFLICT)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  createNote(@CurrentUser() user: CurrentUser, @GuitarId() guitarId: string, @Body() body: NoteDto) {
    return this.notes.create(user.id, guitarId, body);
  }

  /** Changes a note. Its version is the guitar's. */
  @Update(':noteId', 'patch')
  @Versioned()
  @Gives(NoteOfGuitarResponse)
  @Fails(GUITAR_NOT_FOUND, NOTE_NOT_FOUND, NOTE_LIMIT, PRECONDITION_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  updateNote(
    @CurrentUser() user: CurrentUser,
    @GuitarId() guitarId: string,
    @NoteId() id: string,
    @Body() body: UpdateNoteDto,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.notes.update(user.id, guitarId, id, body, versions);
  }

  /** Removes a note. */
  @Delete(':noteId')
  @Gives(RemovedResponse)
  @Fails(GUITAR_NOT_FOUND, NOTE_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  removeNote(
    @CurrentUser() user: CurrentUser,
    @GuitarId() guitarId: string,
    @NoteId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.notes.remove(user.id, guitarId, id, versions);
  }
}
