import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '../../../http/access/access.decorators.js';
import { IfMatch } from '../../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Fails, Gives } from '../../../http/openapi/describe.decorators.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { ALREADY_PUBLISHED, NOT_PUBLISHED } from '../../portfolio/portfolio.errors.js';
import { POST_NOT_FOUND } from '../blog.errors.js';
import { PostResponse, PublishPostDto, SchedulePostDto } from '../dto/post.dto.js';
import { PublishingService } from './publishing.service.js';

const PostId = () => Param('id', idOf(POST_NOT_FOUND));

@ApiTags('Blog Posts')
@Controller('blog/posts/:id')
export class PublishingController {
  constructor(private readonly publishing: PublishingService) {}

  /** Shows it to everybody. */
  @Post('publish')
  @Roles('owner')
  @HttpCode(200)
  @Gives(PostResponse)
  @Fails(POST_NOT_FOUND, ALREADY_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  publishPost(
    @PostId() id: string,
    @Body() body: PublishPostDto,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.publishing.publish(id, body, versions);
  }

  /** Makes it a draft again, also while it waits to be published. */
  @Post('unpublish')
  @Roles('owner')
  @HttpCode(200)
  @Gives(PostResponse)
  @Fails(POST_NOT_FOUND, NOT_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  unpublishPost(@PostId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.publishing.unpublish(id, versions);
  }

  /** Publishes it at an instant to come, to the minute. */
  @Post('schedule')
  @Roles('owner')
  @HttpCode(200)
  @Gives(PostResponse)
  @Fails(POST_NOT_FOUND, ALREADY_PUBLISHED, PRECONDITION_FAILED, WRITE_CONFLICT)
  schedulePost(
    @PostId() id: string,
    @Body() body: SchedulePostDto,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.publishing.schedule(id, body, versions);
  }
}
