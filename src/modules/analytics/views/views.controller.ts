import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalAuth, Public, Roles } from '../../../http/access/access.decorators.js';
import { PublicFor } from '../../../http/envelope/response.decorators.js';
import { Fails, Gives, Takes } from '../../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../../http/rate-limit/rate-limit.guard.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { CONTENT_NOT_FOUND } from '../analytics.errors.js';
import { contentTypePipe } from '../content-type.pipe.js';
import type { ContentType } from '../counting/counter.js';
import { Visit } from '../counting/visit.js';
import {
  ContentViewsResponse,
  TrackedViewResponse,
  TrackViewDto,
  TypeViewsResponse,
} from '../dto/analytics.dto.js';
import { ReportsService } from '../reports/reports.service.js';
import { ViewsService } from './views.service.js';

const Type = () => Param('contentType', contentTypePipe);

@ApiTags('Analytics')
@Controller('analytics')
export class ViewsController {
  constructor(
    private readonly views: ViewsService,
    private readonly reports: ReportsService,
  ) {}

  /** Counts a view of published content, one a visitor and day; otherwise as visitors are counted. */
  @Post('track')
  @OptionalAuth()
  @RateLimit('tracking')
  @HttpCode(200)
  @Takes({ contentType: 'blog', contentId: '01976f2e-7b1a-7c3d-9e8f-2a4b6c8d0e1f' })
  @Gives(TrackedViewResponse)
  @Fails(CONTENT_NOT_FOUND)
  trackView(@Body() body: TrackViewDto, @Visit() visit: Visit) {
    return this.views.track(body, visit);
  }

  /** How often published content was viewed. */
  @Get('views/:contentType/:contentId')
  @Public()
  @PublicFor(60)
  @Gives(ContentViewsResponse)
  @Fails(CONTENT_NOT_FOUND)
  getContentViews(@Type() contentType: ContentType, @Param('contentId', idOf(CONTENT_NOT_FOUND)) id: string) {
    return this.views.ofContent(contentType, id);
  }

  /** How often each content of a type was viewed, also what is not published any more. */
  @Get('views/:contentType')
  @Roles('owner')
  @Gives(TypeViewsResponse)
  @Fails(CONTENT_NOT_FOUND)
  getTypeViews(@Type() contentType: ContentType) {
    return this.reports.ofType(contentType);
  }
}
