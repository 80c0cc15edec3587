import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { IdempotencyRepository } from './idempotency.repository.js';

/** Stored answers repeat what the user's other data says; they only have to go. */
@Injectable()
export class IdempotencyAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly keys: IdempotencyRepository,
  ) {
    this.registry.register({
      entity: 'idempotencyKeys',
      erase: ({ userId }) => this.keys.removeAll(userId),
    });
  }
}
