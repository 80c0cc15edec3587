import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Fails, Gives, PassesOn, Takes } from '../../../http/openapi/describe.decorators.js';
import { CompletedImageResponse, UploadCompleteDto } from '../dto/image.dto.js';
import {
  IMAGE_CONTENT_MISMATCH,
  IMAGE_NOT_FOUND,
  IMAGE_TOO_LARGE,
  IMAGE_UPLOAD_FAILED,
  IMAGE_WRONG_PURPOSE,
} from '../images.errors.js';
import { CompletionService } from './completion.service.js';

@ApiTags('Images')
@Controller('images')
export class CompletionController {
  constructor(private readonly completion: CompletionService) {}

  /** Makes an image of what was uploaded: checked, upright, without GPS, with a thumbnail. Asked again, it answers the same. */
  @Post('upload-complete')
  @HttpCode(200)
  @Takes({ imageKey: 'uploads/{userId}/{uuid}-sunburst.jpg', caption: 'In its case, spring 2024' })
  @Gives(CompletedImageResponse)
  @Fails(
    IMAGE_NOT_FOUND,
    IMAGE_UPLOAD_FAILED,
    IMAGE_TOO_LARGE,
    IMAGE_CONTENT_MISMATCH,
    IMAGE_WRONG_PURPOSE,
    WRITE_CONFLICT,
  )
  @PassesOn('GUITAR_NOT_FOUND', 'GUITAR_IMAGE_LIMIT')
  completeUpload(@CurrentUser() user: CurrentUser, @Body() body: UploadCompleteDto) {
    return this.completion.complete(user.id, body);
  }
}
