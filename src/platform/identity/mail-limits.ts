import { Injectable } from '@nestjs/common';
import { AttemptCounts } from './attempt-counts.js';
import type { AddressRequest } from './identity-provider.js';
import { KnownPlacesRepository } from './known-places.repository.js';

const HOUR_SECONDS = 3600;
/** That one network may cause to be sent to one address. */
const MAILS_PER_HOUR = 5;
/** That all networks from which the account has not signed in may cause together. */
const MAILS_PER_HOUR_OF_STRANGERS = 20;

/** How many mails people who are not signed in may cause to be sent to an address. */
@Injectable()
export class MailLimits {
  constructor(
    private readonly counts: AttemptCounts,
    private readonly places: KnownPlacesRepository,
  ) {}

  /**
   * Counts a mail. Networks from which the account has signed in are counted apart, so that strangers do not use up the
   * mails of the person whose account it is.
   * @param sub whose account it is, where the address has one
   */
  async mayMail({ email, address }: AddressRequest, sub?: string): Promise<boolean> {
    const windowSeconds = HOUR_SECONDS;
    const own = { kind: 'mails', value: `${email} ${address}`, limit: MAILS_PER_HOUR, windowSeconds };
    if (!(await this.counts.count(own)).allowed) return false;
    if (sub !== undefined && (await this.places.isKnownNetwork(sub, address))) return true;
    const all = { kind: 'strangers-mails', value: email, limit: MAILS_PER_HOUR_OF_STRANGERS, windowSeconds };
    return (await this.counts.count(all)).allowed;
  }
}
