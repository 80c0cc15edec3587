import { Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { AuditAccountData } from './audit.account-data.js';

@Module({ providers: [AuditTrail, AuditAccountData], exports: [AuditTrail] })
export class AuditModule {}
