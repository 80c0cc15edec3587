import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../http/access/access.decorators.js';
import { PublicFor } from '../../../http/envelope/response.decorators.js';
import { Fails, GivesFile } from '../../../http/openapi/describe.decorators.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { CONTENT_NOT_FOUND, PICTURE_NOT_FOUND } from '../analytics.errors.js';
import { contentTypePipe } from '../content-type.pipe.js';
import type { ContentType } from '../counting/counter.js';
import { BadgeQuery } from '../dto/analytics.dto.js';
import { PicturesService } from './pictures.service.js';

@Controller()
export class PicturesController {
  constructor(private readonly pictures: PicturesService) {}

  /** How many visitors there were, as a badge; there if the owner shows badges. */
  @Get('visitors/badge.svg')
  @ApiTags('Visitors')
  @Public()
  @PublicFor(300)
  @GivesFile({ 'image/svg+xml': 'text' })
  @Fails(PICTURE_NOT_FOUND)
  getVisitorsBadge(@Query() query: BadgeQuery) {
    return this.pictures.visitorsBadge(query);
  }

  /** Visitors of the last 30 days, as a line; there if the owner shows it. */
  @Get('visitors/trend.svg')
  @ApiTags('Visitors')
  @Public()
  @PublicFor(300)
  @GivesFile({ 'image/svg+xml': 'text' })
  @Fails(PICTURE_NOT_FOUND)
  getVisitorsChart() {
    return this.pictures.visitorsChart();
  }

  /** How often published content was viewed, as a badge; there if the owner shows badges. */
  @Get('analytics/views/:contentType/:contentId/badge.svg')
  @ApiTags('Analytics')
  @Public()
  @PublicFor(300)
  @GivesFile({ 'image/svg+xml': 'text' })
  @Fails(PICTURE_NOT_FOUND, CONTENT_NOT_FOUND)
  getViewsBadge(
    @Param('contentType', contentTypePipe) contentType: ContentType,
    @Param('contentId', idOf(CONTENT_NOT_FOUND)) contentId: string,
    @Query() query: BadgeQuery,
  ) {
    return this.pictures.viewsBadge(contentType, contentId, query);
  }
}
