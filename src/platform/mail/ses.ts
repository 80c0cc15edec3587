import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { asciiEmail } from '../../config/email-address.js';
import { clientOptions, sendToAws } from '../aws-client.js';
import type { Mail, MailTransport } from './mailer.js';

/** Amazon SES, API version 2. Its client is loaded with the first mail. SES cannot tell a mail that it was given twice. */
@Injectable()
export class Ses implements MailTransport {
  private connecting: ReturnType<Ses['connect']> | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  async deliver({ to, subject, text, html, headers = {} }: Mail): Promise<void> {
    const { client, SendEmailCommand } = await (this.connecting ??= this.connect());
    const content = (Data: string) => ({ Data, Charset: 'UTF-8' });
    const command = new SendEmailCommand({
      FromEmailAddress: this.config.mail.from,
      Destination: { ToAddresses: [asciiEmail(to.replaceAll(/[\r\n]+/g, ''))] },
      Content: {
        Simple: {
          Subject: content(subject),
          Body: { Text: content(text), Html: content(html) },
          Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    });
    await sendToAws((options) => client.send(command, options));
  }

  /** SES keeps no mail once it is sent. */
  forget(): Promise<void> {
    return Promise.resolve();
  }

  private async connect() {
    const sdk = await import('./ses.late.js');
    return { ...sdk, client: new sdk.SESv2Client(clientOptions(this.config, this.config.mail.endpoint)) };
  }
}
