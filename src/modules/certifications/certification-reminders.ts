import { Injectable, type OnModuleInit } from '@nestjs/common';
import { daysAfter } from '../../platform/local-time.js';
import type { Message } from '../notifications/notification.js';
import { type ReminderDays, RemindersService } from '../notifications/reminders.service.js';
import { UsersService } from '../users/users.service.js';
import { type Certification, EXPIRING_DAYS } from './certification.js';
import { CertificationsRepository } from './certifications.repository.js';

/** Reminds owners once when a certification is about to expire, and once when it has. */
@Injectable()
export class CertificationReminders implements OnModuleInit {
  constructor(
    private readonly reminders: RemindersService,
    private readonly users: UsersService,
    private readonly certifications: CertificationsRepository,
  ) {}

  onModuleInit(): void {
    this.reminders.register((userId, days) => this.messagesFor(userId, days));
  }

  /** What has come about since the reminders before, so that each is told once. */
  private async messagesFor(userId: string, { today, since }: ReminderDays): Promise<Message[]> {
    if ((await this.users.roleOf(userId)) !== 'owner') return [];
    const all = await this.certifications.all();
    const hasCome = (date: string) => since < date && date <= today;
    return all.flatMap((certification): Message[] => {
      const { expiresAt } = certification;
      if (expiresAt === null) return [];
      if (hasCome(daysAfter(expiresAt, 1))) return [messageOf(certification, 'expired on')];
      const announced = expiresAt >= today && hasCome(daysAfter(expiresAt, -EXPIRING_DAYS));
      return announced ? [messageOf(certification, 'expires on')] : [];
    });
  }
}

function messageOf({ id, name, issuer, expiresAt }: Certification, what: string): Message {
  const kind = 'certificationExpiry';
  return { kind, title: `${name} ${what} ${expiresAt}`, body: issuer, link: `/certifications/${id}` };
}
