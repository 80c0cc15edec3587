import { Inject, Injectable } from '@nestjs/common';
import { ServiceUnavailable } from '../faults.js';
import { JsonLogger } from '../logger.js';
import { SuppressionList } from './suppression-list.js';
import type { MailContent } from './templates.js';

/** One message to one person. */
export interface Mail extends MailContent, MailOptions {
  readonly to: string;
}

export interface MailOptions {
  /** Names the mail, so that a transport which can tell sends it once. */
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Brings a mail on its way. */
export interface MailTransport {
  deliver(mail: Mail): Promise<void>;
  /** Deletes what is kept of mails to an address. */
  forget(address: string): Promise<void>;
}

export const MAIL_TRANSPORT = Symbol('MailTransport');

/** Sends mail, but not to addresses that bounced or complained. */
@Injectable()
export class Mailer {
  constructor(
    @Inject(MAIL_TRANSPORT) private readonly transport: MailTransport,
    private readonly suppressed: SuppressionList,
    private readonly logger: JsonLogger,
  ) {}

  forget(address: string): Promise<void> {
    return this.transport.forget(address);
  }

  /**
   * What a mail was to tell can be asked for again, and what it tells of has happened: a mail that cannot be sent
   * is logged, without its address, and fails nothing. `limited`: SES takes no more for now, as after 200 a day in its
   * sandbox.
   */
  async send(
    to: string,
    content: MailContent,
    options: MailOptions = {},
  ): Promise<'sent' | 'suppressed' | 'limited' | 'failed'> {
    try {
      if (await this.suppressed.has(to)) return 'suppressed';
      await this.transport.deliver({ to, ...content, ...options });
      return 'sent';
    } catch (error) {
      const { name, message } = error as Error;
      const reason = message.replaceAll(/\S+@\S+/g, '…');
      this.logger.write('error', { message: 'Mail not sent', subject: content.subject, cause: name, reason });
      return isLimit(error) ? 'limited' : 'failed';
    }
  }
}

/** The sending quota of a day, and the rate of a second; in the sandbox, an address that is not verified (AWS: "Errors related to the sending quotas"). */
const LIMITS = new Set(['LimitExceededException', 'TooManyRequestsException', 'ThrottlingException']);

function isLimit(error: unknown): boolean {
  const { name, message } = (error instanceof ServiceUnavailable ? error.cause : error) as Error;
  return LIMITS.has(name) || (name === 'MessageRejected' && message.includes('is not verified'));
}
