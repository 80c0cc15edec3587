import { Module } from '@nestjs/common';
import { SesReportsService } from './ses-reports.service.js';
import { SnsHosts, SnsMessages } from './sns.js';
import { WebhooksAccountData } from './webhooks.account-data.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  controllers: [WebhooksController],
  providers: [SnsHosts, SnsMessages, SesReportsService, WebhooksAccountData],
})
export class WebhooksModule {}
