import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Document } from '../../http/envelope/document.js';
import { ApiError } from '../../http/errors/api-error.js';
import { UUID } from '../../http/validation/id.pipe.js';
import { ApplicationKeys } from '../../platform/secrets/application-keys.js';
import { UsersService } from '../users/users.service.js';
import { NOTIFICATION_KINDS, type NotificationKind } from './notification.js';
import { UNSUBSCRIBE_INVALID } from './notifications.errors.js';
import { PreferencesService } from './preferences.service.js';

/** Of one kind, or of all of them: what a mail is about. */
export type MailScope = NotificationKind | 'all';

const PURPOSE = 'unsubscribe';
const MAC_BYTES = 16;

const page = (content: string) =>
  new Document(
    'text/html; charset=utf-8',
    Buffer.from(
      `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Hearth</title>` +
        `<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">` +
        `<style>body{font-family:sans-serif;max-width:36em;margin:4em auto;padding:0 1em;line-height:1.5}` +
        `button{font:inherit;padding:.5em 1em}</style></head><body>\n${content}\n</body></html>\n`,
    ),
  );

/** Ends mails by a link that needs no sign-in (RFC 8058). */
@Injectable()
export class UnsubscribeService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: ApplicationKeys,
    private readonly preferences: PreferencesService,
    private readonly users: UsersService,
  ) {}

  /** Says whose mails, and which: sealed, so that nobody ends another's. */
  async linkFor(userId: string, scope: MailScope): Promise<string> {
    const subject = `${scope}:${userId}`;
    const mac = await this.keys.sign(PURPOSE, subject);
    const token = Buffer.concat([mac.subarray(0, MAC_BYTES), Buffer.from(subject)]).toString('base64url');
    return `${this.config.publicUrl}/v1/notifications/unsubscribe?token=${token}`;
  }

  /** Asks, and changes nothing: mail scanners follow links. */
  async ask(token: string): Promise<Document> {
    await this.open(token);
    return page('<h1>No more of these mails?</h1>\n<form method="post"><button>Unsubscribe</button></form>');
  }

  async unsubscribe(token: string): Promise<Document> {
    const { userId, scope } = await this.open(token);
    if (!(await this.users.isThere(userId))) throw new ApiError(UNSUBSCRIBE_INVALID);
    await this.preferences.endMail(userId, scope === 'all' ? NOTIFICATION_KINDS : [scope]);
    return page(
      '<h1>Done</h1>\n<p>You get no more of these mails. The app still shows what they would say.</p>',
    );
  }

  private async open(token: string): Promise<{ userId: string; scope: MailScope }> {
    const bytes = Buffer.from(token, 'base64url');
    const subject = bytes.subarray(MAC_BYTES).toString();
    const genuine = await this.keys.verify(PURPOSE, subject, bytes.subarray(0, MAC_BYTES));
    const [scope = '', userId = ''] = subject.split(':');
    const known = scope === 'all' || NOTIFICATION_KINDS.some((kind) => kind === scope);
    if (!genuine || !known || !UUID.test(userId)) throw new ApiError(UNSUBSCRIBE_INVALID);
    return { userId, scope: scope as MailScope };
  }
}
