import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../http/errors/api-error.js';
import { Clock } from '../../platform/clock.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import { IdSource } from '../../platform/ids.js';
import { ImageObjects } from '../images/image-objects.js';
import { StaleImage } from '../images/images.repository.js';
import type { CreateGuitarDto, GivenNoteDto, UpdateGuitarDto } from './dto/guitar.dto.js';
import type { GuitarResponse } from './dto/guitar-response.dto.js';
import type { Guitar, Note } from './guitar.js';
import { plainChange, wholeChange } from './guitar.item.js';
import { faultOfYear, merged, needsWhole, plainPartOf } from './guitar-fields.js';
import { GuitarViews } from './guitar-views.js';
import { GUITAR_NOT_FOUND, GUITAR_VALIDATION_ERROR } from './guitars.errors.js';
import { GuitarsRepository } from './guitars.repository.js';
import { assertRoomForNotes, givenNotes } from './notes/given-notes.js';
import { arranged } from './photos/arrangement.js';
import { GuitarPhotos } from './photos/guitar-photos.js';

type Versions = readonly number[] | undefined;

@Injectable()
export class GuitarsService {
  constructor(
    private readonly guitars: GuitarsRepository,
    private readonly photos: GuitarPhotos,
    private readonly views: GuitarViews,
    private readonly objects: ImageObjects,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async create(userId: string, body: CreateGuitarDto): Promise<GuitarResponse> {
    const { images = [], notes = [], ...says } = body;
    const faults = faultOfYear(says.year, this.clock.now());
    const fields = merged({ ...says, notes: this.givenNotes(notes, [], faults) }, faults);
    assertNone(faults);
    assertRoomForNotes(fields.notes);
    const wanted = arranged(images);
    const id = this.ids.next();
    const guitar = await untilCurrent(async () => {
      const receipt = await this.photos.planReceipt(userId, id, fields.privateInfo);
      const photos = await this.photos.planPhotos(userId, id, wanted);
      const extra = {
        images: photos.images,
        ...(receipt.receiptKey !== null && { receiptKey: receipt.receiptKey }),
      };
      return this.guitars.create(userId, id, fields, extra, [...receipt.writes, ...photos.writes]);
    });
    return this.views.of(guitar);
  }

  async get(userId: string, id: string): Promise<GuitarResponse> {
    const guitar = await this.guitars.find(userId, id);
    if (!guitar) throw new ApiError(GUITAR_NOT_FOUND);
    return this.views.of(guitar);
  }

  /** Without `versions` it goes on until nobody was faster; with them it is the client who decides. */
  async update(
    userId: string,
    id: string,
    body: UpdateGuitarDto,
    versions: Versions,
  ): Promise<GuitarResponse> {
    assertNone(faultOfYear(body.year, this.clock.now()));
    if (!body.images && !body.notes && !needsWhole(body)) {
      const change = plainChange({ userId, id }, plainPartOf(body));
      return this.views.of(await this.guitars.update(userId, id, change, versions));
    }
    const attempt = () => this.replace(userId, id, body, versions);
    return this.views.of(await untilCurrent(attempt, versions && StaleImage));
  }

  /** Its photos and its receipt go with it, unless another guitar has them too. */
  async remove(userId: string, id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    const attempt = async () => {
      const { guitar } = await this.guitars.read(userId, id, versions);
      const { writes, objects } = await this.photos.leaving(guitar);
      await this.guitars.remove(guitar, writes);
      return objects;
    };
    await this.objects.discard(await untilCurrent(attempt, versions && StaleImage));
    return { id, deleted: true };
  }

  private async replace(
    userId: string,
    id: string,
    { images, notes, ...says }: UpdateGuitarDto,
    versions: Versions,
  ): Promise<Guitar> {
    const { item, guitar } = await this.guitars.read(userId, id, versions);
    const faults: ErrorDetail[] = [];
    const given = notes && this.givenNotes(notes, guitar.notes, faults);
    const fields = merged({ ...says, notes: given }, faults, guitar);
    assertNone(faults);
    if (given) assertRoomForNotes(given, guitar.notes);
    const { receiptKey, writes } = await this.photos.planReceipt(userId, id, fields.privateInfo, guitar);
    const photos = images && (await this.photos.planPhotos(userId, id, arranged(images), guitar.images));
    const change = { ...wholeChange(guitar, fields), receiptKey, ...(photos && { images: photos.images }) };
    return this.guitars.replace(item, change, [...writes, ...(photos?.writes ?? [])]);
  }

  private givenNotes(given: readonly GivenNoteDto[], stored: readonly Note[], faults: ErrorDetail[]): Note[] {
    const fresh = { nextId: () => this.ids.next(), now: this.clock.now() };
    return givenNotes(given, stored, fresh, faults);
  }
}

function assertNone(faults: readonly ErrorDetail[]): void {
  if (faults.length > 0) throw new ApiError(GUITAR_VALIDATION_ERROR, { details: faults });
}
