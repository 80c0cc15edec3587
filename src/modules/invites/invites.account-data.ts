import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { InvitesRepository } from './invites.repository.js';

/** An invitation belongs to whoever runs the deployment; the address in it is its holder's. */
@Injectable()
export class InvitesAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly invites: InvitesRepository,
  ) {
    this.registry.register({ entity: 'invites', erase: ({ email }) => this.invites.forgetAddress(email) });
  }
}
