import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { AuditTrail } from './audit-trail.js';

/** A user may read what was noted of their account; it goes when they go. */
@Injectable()
export class AuditAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly trail: AuditTrail,
  ) {
    this.registry.register({
      entity: 'securityEvents',
      export: (userId, page) => this.trail.page(userId, page),
      erase: ({ userId }) => this.trail.erase(userId),
    });
  }
}
