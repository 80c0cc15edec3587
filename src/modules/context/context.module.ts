import { Module } from '@nestjs/common';
import { ContextAccountData } from './context.account-data.js';
import { ContextsController } from './contexts.controller.js';
import { ContextsRepository } from './contexts.repository.js';
import { ContextsService } from './contexts.service.js';

@Module({
  controllers: [ContextsController],
  providers: [ContextsService, ContextsRepository, ContextAccountData],
  exports: [ContextsService],
})
export class ContextModule {}
