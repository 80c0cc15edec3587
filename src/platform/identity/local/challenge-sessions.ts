import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';

const LIFE_SECONDS = 300;

/** Sealed proofs that somebody has shown their password, good for five minutes; nothing is stored of them. */
@Injectable()
export class ChallengeSessions {
  constructor(
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  async open(sub: string): Promise<string> {
    const text = `${sub}.${this.clock.seconds() + LIFE_SECONDS}`;
    const mac = await this.keys.sign('challenge', text);
    return `${text}.${mac.toString('base64url')}`;
  }

  /** Undefined for what was not made here, or long ago. */
  async subOf(session: string): Promise<string | undefined> {
    const [sub = '', end = '', mac = ''] = session.split('.');
    const genuine = await this.keys.verify('challenge', `${sub}.${end}`, Buffer.from(mac, 'base64url'));
    return genuine && Number(end) > this.clock.seconds() ? sub : undefined;
  }
}
