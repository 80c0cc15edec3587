import { Injectable } from '@nestjs/common';
import { daysAfter } from '../../platform/local-time.js';
import { linesOf, type Message } from '../notifications/notification.js';
import { type ReminderDays, RemindersService } from '../notifications/reminders.service.js';
import { UsersService } from '../users/users.service.js';
import { type Certification, EXPIRING_DAYS } from './certification.js';
import { CertificationsRepository } from './certifications.repository.js';

/** Reminds owners once when a certification is about to expire, and once when it has. */
@Injectable()
export class CertificationReminders {
  constructor(
    private readonly reminders: RemindersService,
    private readonly users: UsersService,
    private readonly certifications: CertificationsRepository,
  ) {
    this.reminders.register((userId, days) => this.messagesFor(userId, days));
  }

  /** What has come about since the reminders before, so that each is told once. */
  private async messagesFor(userId: string, { today, since }: ReminderDays): Promise<Message[]> {
    if ((await this.users.roleOf(userId)) !== 'owner') return [];
    const all = await this.certifications.all();
    const hasCome = (date: string) => since < date && date <= today;
    const ends = (days: number) => (each: Certification) =>
      each.expiresAt !== null && hasCome(daysAfter(each.expiresAt, days));
    const expired = all.filter(ends(1));
    const expiring = all.filter(ends(-EXPIRING_DAYS)).filter((each) => !expired.includes(each));
    return [
      ...messagesOf(expiring, 'expire soon', 'expires'),
      ...messagesOf(expired, 'have expired', 'expired'),
    ];
  }
}

/** One of all that have come to the same, however many. */
function messagesOf(certifications: readonly Certification[], many: string, one: string): Message[] {
  const [first, ...others] = certifications;
  if (!first) return [];
  const kind = 'certificationExpiry';
  if (others.length === 0) {
    const { id, name, issuer, expiresAt } = first;
    return [{ kind, title: `${name} ${one} on ${expiresAt}`, body: issuer, link: `/certifications/${id}` }];
  }
  const body = linesOf(certifications.map(({ name, expiresAt }) => `${name}: ${expiresAt}`));
  const title = `${certifications.length} certifications ${many}`;
  return [{ kind, title, body, link: '/certifications' }];
}
