import { Module } from '@nestjs/common';
import { MemoriesAccountData } from './memories.account-data.js';
import { MemoriesController } from './memories.controller.js';
import { MemoriesRepository } from './memories.repository.js';
import { MemoriesService } from './memories.service.js';

@Module({
  controllers: [MemoriesController],
  providers: [MemoriesService, MemoriesRepository, MemoriesAccountData],
  exports: [MemoriesService],
})
export class MemoriesModule {}
