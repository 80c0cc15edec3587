import { Injectable } from '@nestjs/common';
import { Contributions } from '../contributions.js';
import type { Page, PageRequest } from '../dynamodb/item.js';

/**
 * What one module keeps of a user, registered by the module itself, so that export and erasure can walk through all
 * of it and know no module by name.
 */
export interface AccountData {
  /** The entity's name in an export, such as `tasks`. */
  readonly entity: string;
  /** Everything of the user, a page at a time, as the user may read it. Without it there is nothing to read. */
  export?(userId: string, page: PageRequest): Promise<Page<unknown>>;
  /** Removes everything of the user and says how many; safe to be run again. */
  erase(account: LeavingAccount): Promise<number>;
}

/** By what somebody's rows are found. */
export interface LeavingAccount {
  readonly userId: string;
  readonly email: string;
  readonly username?: string | undefined;
}

@Injectable()
export class AccountDataRegistry extends Contributions<AccountData> {
  register(data: AccountData): void {
    this.add(data.entity, data);
  }

  /** Of every module, whether or not it was loaded before. A module's own come in its order. */
  list(): Promise<readonly AccountData[]> {
    return this.all();
  }
}
