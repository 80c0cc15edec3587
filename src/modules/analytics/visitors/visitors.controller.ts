import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalAuth, Public, Roles } from '../../../http/access/access.decorators.js';
import { PublicFor } from '../../../http/envelope/response.decorators.js';
import { Gives, GivesArray } from '../../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../../http/rate-limit/rate-limit.guard.js';
import { Visit } from '../counting/visit.js';
import {
  DailyTrendQuery,
  DailyVisitorsResponse,
  MonthlyTrendQuery,
  MonthlyVisitorsResponse,
  TrackedVisitorResponse,
  TrackVisitorDto,
  VisitorCountResponse,
} from '../dto/analytics.dto.js';
import { TrendsService } from '../reports/trends.service.js';
import { VisitorsService } from './visitors.service.js';

@ApiTags('Visitors')
@Controller('visitors')
export class VisitorsController {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly trends: TrendsService,
  ) {}

  /** Counts a visitor, each once a day; not robots, not the owner, not who asks not to be counted (DNT, GPC). */
  @Post('track')
  @OptionalAuth()
  @RateLimit('tracking')
  @HttpCode(200)
  @Gives(TrackedVisitorResponse)
  trackVisitor(@Body() body: TrackVisitorDto, @Visit() visit: Visit) {
    return this.visitors.track(body, visit);
  }

  /** How many visitors there were, and how many of them today. */
  @Get('count')
  @Public()
  @PublicFor(60)
  @Gives(VisitorCountResponse)
  getVisitorCount() {
    return this.visitors.count();
  }

  /** Visitors of the last days, oldest first; every day is there. */
  @Get('trends/daily')
  @Roles('owner')
  @GivesArray(DailyVisitorsResponse)
  getDailyVisitors(@Query() { days = 30 }: DailyTrendQuery) {
    return this.trends.daily(days);
  }

  /** Visitors of the last months, oldest first; every month is there. */
  @Get('trends/monthly')
  @Roles('owner')
  @GivesArray(MonthlyVisitorsResponse)
  getMonthlyVisitors(@Query() { months = 6 }: MonthlyTrendQuery) {
    return this.trends.monthly(months);
  }
}
