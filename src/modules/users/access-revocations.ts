import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';

/** Something that lets in whoever has it, without a sign-in, such as the secret address of a calendar. */
export interface StandingAccess {
  /** As a mail names it: "the address of your calendar". */
  readonly title: string;
  /** @returns whether there was any */
  readonly revoke: (userId: string) => Promise<boolean>;
}

/** What a reset of the password and a sign-out everywhere revoke besides sessions: an intruder may have made it. */
@Injectable()
export class AccessRevocations extends Contributions<StandingAccess> {
  register(access: StandingAccess): void {
    this.add(access.title, access);
  }

  /** @returns the titles of what was revoked */
  async revokeAll(userId: string): Promise<readonly string[]> {
    const revoked: string[] = [];
    for (const { title, revoke } of await this.all()) if (await revoke(userId)) revoked.push(title);
    return revoked;
  }
}
