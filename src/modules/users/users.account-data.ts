import { Injectable } from '@nestjs/common';
import {
  type AccountData,
  AccountDataRegistry,
  type LeavingAccount,
} from '../../platform/account-data/account-data.js';
import { Page } from '../../platform/dynamodb/item.js';
import { Usernames } from '../../platform/identity/usernames.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** The profile with its preferences. It goes last of all a user's data: see `ErasureService`. */
@Injectable()
export class UsersAccountData implements AccountData {
  readonly entity = 'profile';

  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly service: UsersService,
    private readonly users: UsersRepository,
    private readonly usernames: Usernames,
  ) {
    this.registry.register(this);
  }

  async export(userId: string): Promise<Page<unknown>> {
    return new Page([await this.service.profile(userId)], null);
  }

  async erase({ userId, username }: LeavingAccount): Promise<number> {
    // The name may have changed since the account was closed, by a process that did not know yet.
    const user = await this.users.find(userId, { consistent: true });
    let freed = 0;
    for (const name of new Set([username, user?.username]))
      if (name) freed += await this.usernames.free(userId, name);
    return freed + (await this.users.erase(userId));
  }
}
