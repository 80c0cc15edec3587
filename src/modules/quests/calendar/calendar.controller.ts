import { Controller, Delete, Get, Header, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public } from '../../../http/access/access.decorators.js';
import { WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Fails, Gives, GivesFile } from '../../../http/openapi/describe.decorators.js';
import { CALENDAR_NOT_FOUND } from '../quests.errors.js';
import { CalendarService } from './calendar.service.js';
import { CalendarQuery, CalendarRevokedResponse, CalendarUrlResponse } from './dto/calendar.dto.js';

@ApiTags('Quests')
@Controller('quests')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  /** A secret address for calendars to subscribe to; the one before, if there was one, ends. */
  @Post('calendar-token')
  @Gives(CalendarUrlResponse, 201)
  @Fails(WRITE_CONFLICT)
  createCalendarToken(@CurrentUser() user: CurrentUser) {
    return this.calendar.issue(user.id);
  }

  /** Ends the secret address. */
  @Delete('calendar-token')
  @Gives(CalendarRevokedResponse)
  @Fails(WRITE_CONFLICT)
  revokeCalendarToken(@CurrentUser() user: CurrentUser) {
    return this.calendar.revoke(user.id);
  }

  /** Tasks and goals from 30 days ago to a year ahead, with the tasks that rules will make in three months. */
  @Get('calendar.ics')
  @Public()
  @Header('Cache-Control', 'private, no-cache')
  @GivesFile({ 'text/calendar': 'text' })
  @Fails(CALENDAR_NOT_FOUND)
  getCalendar(@Query() { token }: CalendarQuery) {
    return this.calendar.feed(token);
  }
}
