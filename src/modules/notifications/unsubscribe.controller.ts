import { Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/access/access.decorators.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, GivesFile } from '../../http/openapi/describe.decorators.js';
import { UnsubscribeQuery } from './dto/unsubscribe.dto.js';
import { UNSUBSCRIBE_INVALID } from './notifications.errors.js';
import { UnsubscribeService } from './unsubscribe.service.js';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

/** Where the links in mails lead: pages, since people follow them. */
@ApiTags('Notifications')
@Controller('notifications/unsubscribe')
@Public()
export class UnsubscribeController {
  constructor(private readonly mails: UnsubscribeService) {}

  /** Asks whether mails are to end, and changes nothing. */
  @Get()
  @Header('Content-Security-Policy', POLICY)
  @GivesFile({ 'text/html': 'text' })
  @Fails(UNSUBSCRIBE_INVALID)
  getUnsubscribePage(@Query() { token }: UnsubscribeQuery) {
    return this.mails.ask(token);
  }

  /** Ends mails: by that page's form, or by a mail program in one click (RFC 8058). */
  @Post()
  @HttpCode(200)
  @Header('Content-Security-Policy', POLICY)
  @GivesFile({ 'text/html': 'text' })
  @Fails(UNSUBSCRIBE_INVALID, WRITE_CONFLICT)
  unsubscribe(@Query() { token }: UnsubscribeQuery) {
    return this.mails.unsubscribe(token);
  }
}
