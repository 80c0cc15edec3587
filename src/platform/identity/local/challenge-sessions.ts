import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import type { Subject } from '../identity-provider.js';

const LIFE_SECONDS = 300;

type Proof = Pick<Subject, 'sub' | 'tokensValidAfter'> & { readonly passwordVersion: number };

/** Sealed proofs that somebody has shown their password, good for five minutes; nothing is stored of them. */
@Injectable()
export class ChallengeSessions {
  constructor(
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  /** What voids somebody's tokens voids the proof as well, and so does another password. */
  async open({ sub, tokensValidAfter, passwordVersion }: Proof): Promise<string> {
    const text = `${sub}.${this.clock.seconds() + LIFE_SECONDS}.${tokensValidAfter}.${passwordVersion}`;
    const mac = await this.keys.sign('challenge', text);
    return `${text}.${mac.toString('base64url')}`;
  }

  /** Undefined for what was not made here, or long ago. */
  async read(session: string): Promise<Proof | undefined> {
    const [sub = '', end = '', after = '', version = '', mac = ''] = session.split('.');
    const signature = Buffer.from(mac, 'base64url');
    const genuine = await this.keys.verify('challenge', `${sub}.${end}.${after}.${version}`, signature);
    const current = genuine && Number(end) > this.clock.seconds();
    return current ? { sub, tokensValidAfter: Number(after), passwordVersion: Number(version) } : undefined;
  }
}
