import { Injectable } from '@nestjs/common';
import type { AccountFacts, Directory } from '../identity-provider.js';
import { SessionsRepository } from '../sessions.repository.js';
import { AccountsRepository } from './accounts.repository.js';
import { Codes } from './codes.js';
import { SecondFactorRepository } from './second-factor.repository.js';
import { SignInBackoff } from './sign-in-backoff.js';

/** The accounts of the local provider. Role, theme and status stand in the profile alone, and are read from there. */
@Injectable()
export class LocalDirectory implements Directory {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly codes: Codes,
    private readonly sessions: SessionsRepository,
    private readonly factors: SecondFactorRepository,
    private readonly backoff: SignInBackoff,
  ) {}

  async describe(sub: string): Promise<AccountFacts | undefined> {
    const account = await this.accounts.find(sub, { consistent: true });
    return account && { ...account, groups: [] };
  }

  async copyClaims(): Promise<void> {}

  async setEnabled(): Promise<void> {}

  async remove(sub: string): Promise<number> {
    await Promise.all([this.codes.removeAll(sub), this.backoff.forget(sub)]);
    const sessions = await this.sessions.removeAll(sub);
    const factors = await this.factors.remove(sub);
    return sessions + factors + (await this.accounts.remove(sub));
  }
}
