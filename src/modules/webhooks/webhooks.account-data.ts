import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { SuppressionList } from '../../platform/mail/suppression-list.js';

/** That an address bounced is known of the address, and goes with whoever had it. */
@Injectable()
export class WebhooksAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly suppressed: SuppressionList,
  ) {
    this.registry.register({
      entity: 'mailSuppression',
      erase: ({ email }) => this.suppressed.remove(email),
    });
  }
}
