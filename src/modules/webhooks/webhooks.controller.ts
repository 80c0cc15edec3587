import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/access/access.decorators.js';
import { AcceptsBody } from '../../http/request/accepts-body.decorator.js';
import { Fails, GivesNothing } from '../../http/openapi/describe.decorators.js';
import { SnsMessageDto } from './dto/sns.dto.js';
import { SesReportsService } from './ses-reports.service.js';
import { WEBHOOK_REFUSED } from './webhooks.errors.js';

@ApiTags('Webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly reports: SesReportsService) {}

  /** Bounces and complaints of SES, by a topic of SNS. Only what AWS has signed is taken. */
  @Post('ses')
  @HttpCode(204)
  @Public()
  @AcceptsBody({ json: ['text/plain'] })
  @ApiConsumes('text/plain', 'application/json')
  @GivesNothing()
  @Fails(WEBHOOK_REFUSED)
  reportMail(@Body() message: SnsMessageDto) {
    return this.reports.take(message);
  }
}
