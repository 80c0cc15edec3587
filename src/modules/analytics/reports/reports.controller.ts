import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '../../../http/access/access.decorators.js';
import { Gives } from '../../../http/openapi/describe.decorators.js';
import {
  DailyTrendQuery,
  OverviewResponse,
  TopContentQuery,
  TopContentResponse,
  TotalViewsResponse,
} from '../dto/analytics.dto.js';
import { ReportsService } from './reports.service.js';

@ApiTags('Analytics')
@Controller('analytics')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  /** What was viewed most, of each type. */
  @Get('top-content')
  @Roles('owner')
  @Gives(TopContentResponse)
  getTopContent(@Query() { limit = 5 }: TopContentQuery) {
    return this.reports.topContent(limit);
  }

  /** Views of all content together. */
  @Get('total-views')
  @Roles('owner')
  @Gives(TotalViewsResponse)
  getTotalViews() {
    return this.reports.totalViews();
  }

  /** The last days against as many before them: visitors, views, robots; what was viewed, and where visits came from. */
  @Get('overview')
  @Roles('owner')
  @Gives(OverviewResponse)
  getOverview(@Query() { days = 30 }: DailyTrendQuery) {
    return this.reports.overview(days);
  }
}
