import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { ErasureService } from './erasure.service.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ExportService } from './export.service.js';
import { PrivacyController } from './privacy.controller.js';

@Module({
  imports: [UsersModule],
  controllers: [PrivacyController],
  providers: [ErasureService, ErasuresRepository, ExportService],
  exports: [ErasureService],
})
export class PrivacyModule {}
