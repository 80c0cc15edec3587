import { Body, Controller, Param } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { IfMatch } from '../../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import {
  Fails,
  FailsValidationAs,
  GivesArray,
  Versioned,
  Takes,
} from '../../../http/openapi/describe.decorators.js';
import { arrayOf } from '../../../http/validation/array-body.pipe.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { Update } from '../../../http/request/update.decorator.js';
import { IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE } from '../../images/images.errors.js';
import { GuitarPhotoDto } from '../dto/guitar.dto.js';
import { GuitarImageResponse } from '../dto/guitar-response.dto.js';
import { IMAGES_PER_GUITAR } from '../guitar.js';
import { GUITAR_NOT_FOUND, GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';
import { GuitarPhotosService } from './guitar-photos.service.js';

@ApiTags('Guitars')
@Controller('guitars')
export class GuitarPhotosController {
  constructor(private readonly photos: GuitarPhotosService) {}

  /** The photos of a guitar from now on, in order; exactly one is the primary. */
  @Update(':id/images')
  @ApiBody({ type: [GuitarPhotoDto] })
  @Versioned()
  @Takes([{ imageId: '01976f2e-7b1a-7c3d-9e8f-2a4b6c8d0e1f', caption: 'Front', isPrimary: true }])
  @GivesArray(GuitarImageResponse)
  @Fails(GUITAR_NOT_FOUND, IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE, PRECONDITION_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  setGuitarImages(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(GUITAR_NOT_FOUND)) id: string,
    @Body(arrayOf(GuitarPhotoDto, IMAGES_PER_GUITAR)) body: GuitarPhotoDto[],
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.photos.set(user.id, id, body, versions);
  }
}
