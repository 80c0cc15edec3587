import { Injectable } from '@nestjs/common';
import { Mailer } from '../../mail/mailer.js';
import type { AccountFacts, Directory } from '../identity-provider.js';
import { KnownPlacesRepository } from '../known-places.repository.js';
import { RegistrationsRepository } from '../registrations.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import { AccountsRepository } from './accounts.repository.js';
import { Codes } from './codes.js';
import { SecondFactorRepository } from './second-factor.repository.js';

/** The accounts of the local provider. Role, theme and status stand in the profile alone, and are read from there. */
@Injectable()
export class LocalDirectory implements Directory {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly codes: Codes,
    private readonly sessions: SessionsRepository,
    private readonly factors: SecondFactorRepository,
    private readonly mailer: Mailer,
    private readonly registrations: RegistrationsRepository,
    private readonly places: KnownPlacesRepository,
  ) {}

  async describe(sub: string): Promise<AccountFacts | undefined> {
    const account = await this.accounts.find(sub, { consistent: true });
    return account && { ...account, groups: [] };
  }

  async subOf(email: string): Promise<string | undefined> {
    return this.accounts.findSub(email);
  }

  async copyClaims(): Promise<void> {}

  async setEnabled(): Promise<void> {}

  async remove(sub: string): Promise<number> {
    for (const email of await this.accounts.addressesOf(sub)) await this.mailer.forget(email);
    await Promise.all([this.codes.removeAll(sub), this.registrations.remove(sub)]);
    const sessions = (await this.sessions.removeAll(sub)) + (await this.places.removeAll(sub));
    const factors = await this.factors.remove(sub);
    return sessions + factors + (await this.accounts.remove(sub));
  }
}
