import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../clock.js';
import { IdSource } from '../ids.js';
import { JsonLogger } from '../logger.js';
import type { Mail, MailTransport } from './mailer.js';

/** A laptop's mail: one `.eml` file (RFC 5322) per message in `<data directory>/outbox/`, its path in the log. */
@Injectable()
export class Outbox implements MailTransport {
  private readonly directory: string;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly logger: JsonLogger,
  ) {
    this.directory = join(config.dataDirectory, 'outbox');
  }

  async deliver(mail: Mail): Promise<void> {
    // Loaded with the first mail: start-up does without it.
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js');
    const message = await new MailComposer({
      ...mail,
      to: mail.to.replaceAll(/[\r\n]+/g, ''),
      from: this.config.mail.from,
      date: this.clock.now(),
    })
      .compile()
      .build();
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, `${this.ids.next()}.eml`);
    await writeFile(path, message, { mode: 0o600 });
    this.logger.write('info', { message: 'Mail written', path });
  }
}
