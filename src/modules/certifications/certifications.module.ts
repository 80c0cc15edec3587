import { Module } from '@nestjs/common';
import { CertificationsController } from './certifications.controller.js';
import { CertificationsRepository } from './certifications.repository.js';
import { CertificationsService } from './certifications.service.js';

@Module({
  controllers: [CertificationsController],
  providers: [CertificationsService, CertificationsRepository],
  exports: [CertificationsService, CertificationsRepository],
})
export class CertificationsModule {}
