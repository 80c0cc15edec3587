import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import type { Account } from './accounts.repository.js';
import { CODE_MINUTES } from './codes.js';

const PURPOSE = 'password reset link';

const messageOf = (sub: string, end: string, { passwordVersion, email }: Account) =>
  `${sub} ${end} ${passwordVersion} ${email}`;

/** Whose a token says that it is; only `isGood` proves it. */
export const subOfLink = (token: string): string | undefined => token.split('.')[0];

/**
 * Sealed tokens for links that set a new password, valid for an hour, until the password or the address changes. Nobody can
 * guess one, so that none is spent by wrong guesses; and several count at a time, so that a stranger who asks for a reset
 * does not void the link of the person whose account it is.
 */
@Injectable()
export class ResetLinks {
  constructor(
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  async seal(sub: string, account: Account): Promise<string> {
    const end = String(this.clock.seconds() + CODE_MINUTES * 60);
    const mac = await this.keys.sign(PURPOSE, messageOf(sub, end, account));
    return `${sub}.${end}.${mac.toString('base64url')}`;
  }

  async isGood(token: string, account: Account): Promise<boolean> {
    const [sub = '', end = '', mac = ''] = token.split('.');
    const message = messageOf(sub, end, account);
    const genuine = await this.keys.verify(PURPOSE, message, Buffer.from(mac, 'base64url'));
    return genuine && Number(end) > this.clock.seconds();
  }
}
