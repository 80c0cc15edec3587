import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { FailsValidationAs, Gives } from '../../../http/openapi/describe.decorators.js';
import { GuitarStatisticsQuery, GuitarStatisticsResponse } from '../dto/guitar-statistics.dto.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';
import { GuitarStatisticsService } from './guitar-statistics.service.js';

@ApiTags('Guitars')
@Controller('guitars')
export class GuitarStatisticsController {
  constructor(private readonly statistics: GuitarStatisticsService) {}

  /** What the collection holds, and what it is worth, a currency at a time. */
  @Get('stats')
  @Gives(GuitarStatisticsResponse)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  getGuitarStats(@CurrentUser() user: CurrentUser, @Query() { currency }: GuitarStatisticsQuery) {
    return this.statistics.of(user.id, currency);
  }
}
