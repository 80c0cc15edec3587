import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesPage, Takes } from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import {
  ImageResponse,
  ImagesQuery,
  UpdateImageDto,
  UploadUrlDto,
  UploadUrlResponse,
} from './dto/image.dto.js';
import { IMAGE_IN_USE, IMAGE_NOT_FOUND, IMAGE_TOO_LARGE, IMAGE_TYPE_UNSUPPORTED } from './images.errors.js';
import { ImagesService } from './images.service.js';

const ImageId = () => Param('id', idOf(IMAGE_NOT_FOUND));

@ApiTags('Images')
@Controller('images')
export class ImagesController {
  constructor(private readonly images: ImagesService) {}

  /** An address, good for five minutes, to upload a photo or a receipt to. */
  @Post('upload-url')
  @Takes({ fileName: 'sunburst.jpg', fileType: 'image/jpeg', fileSize: 482133 })
  @Gives(UploadUrlResponse, 201)
  @Fails(IMAGE_TYPE_UNSUPPORTED, IMAGE_TOO_LARGE)
  createUploadUrl(@CurrentUser() user: CurrentUser, @Body() body: UploadUrlDto) {
    return this.images.announce(user.id, body);
  }

  /** Photos and receipts, newest first. */
  @Get()
  @GivesPage(ImageResponse)
  list(@CurrentUser() user: CurrentUser, @Query() query: ImagesQuery) {
    return this.images.list(user.id, query as ImagesQuery & Paged);
  }

  /** A photo or a receipt, and what uses it. */
  @Get(':id')
  @Gives(ImageResponse)
  @Fails(IMAGE_NOT_FOUND)
  get(@CurrentUser() user: CurrentUser, @ImageId() id: string) {
    return this.images.get(user.id, id);
  }

  /** Changes caption and alternative text. */
  @Update(':id', 'patch')
  @Gives(ImageResponse)
  @Fails(IMAGE_NOT_FOUND, PRECONDITION_FAILED)
  update(
    @CurrentUser() user: CurrentUser,
    @ImageId() id: string,
    @Body() body: UpdateImageDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.images.update(user.id, id, body, versions);
  }

  /** Removes an image that nothing uses, and its objects. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(IMAGE_NOT_FOUND, IMAGE_IN_USE, PRECONDITION_FAILED, WRITE_CONFLICT)
  remove(
    @CurrentUser() user: CurrentUser,
    @ImageId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.images.remove(user.id, id, versions);
  }
}
