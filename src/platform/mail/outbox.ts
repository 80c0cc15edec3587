import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
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

  async forget(address: string): Promise<void> {
    const names = await readdir(this.directory).catch(() => []);
    const [local = '', domain = ''] = address.toLowerCase().split('@');
    // As a header has it: a domain in ASCII.
    const written = `${local}@${domainToASCII(domain) || domain}`;
    for (const name of names) {
      const path = join(this.directory, name);
      const [headers = ''] = (await readFile(path, 'utf8').catch(() => '')).split('\r\n\r\n', 1);
      const [, to] = /^To: ?<?([^\s<>]+)>?\r?$/im.exec(headers) ?? [];
      if (to?.toLowerCase() === written) await rm(path, { force: true });
    }
  }

  /** A mail with an id is written once. */
  async deliver({ id, ...mail }: Mail): Promise<void> {
    const { MailComposer } = await import('./composer.late.js');
    const message = await new MailComposer({
      ...mail,
      to: mail.to.replaceAll(/[\r\n]+/g, ''),
      from: this.config.mail.from,
      date: this.clock.now(),
    })
      .compile()
      .build();
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const name = id ?? this.ids.next();
    const path = join(this.directory, `${name}.eml`);
    if (existsSync(path)) return;
    const draft = join(this.directory, `.${name}.${randomUUID()}`);
    await writeFile(draft, message, { mode: 0o600 });
    await rename(draft, path);
    this.logger.write('info', { message: 'Mail written', path });
  }
}
