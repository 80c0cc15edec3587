import { Controller, Get, Inject, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { basePathOf, CONFIG, type Config } from '../../config/config.js';
import { Public } from '../../http/access/access.decorators.js';
import { Document } from '../../http/envelope/document.js';
import { GivesFile } from '../../http/openapi/describe.decorators.js';

/** Where links in mails lead while there is no front end (`APP_URL`). Opening a page changes nothing. */
@ApiTags('Authentication')
@Controller({ version: VERSION_NEUTRAL })
@Public()
export class PagesController {
  private readonly basePath: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.basePath = basePathOf(config);
  }

  /** A page to register with, by an invitation or without. */
  @Get('register')
  @GivesFile({ 'text/html': 'text' })
  getRegisterPage() {
    return this.page('register');
  }

  /** A page to set a new password with, by the link from a mail. */
  @Get('reset-password')
  @GivesFile({ 'text/html': 'text' })
  getResetPasswordPage() {
    return this.page('reset-password');
  }

  /** A page to undo a change of address with, by the link from a mail. */
  @Get('undo-email-change')
  @GivesFile({ 'text/html': 'text' })
  getUndoEmailChangePage() {
    return this.page('undo-email-change');
  }

  private async page(name: keyof (typeof import('./mail-link-pages.late.js'))['PAGES']): Promise<Document> {
    const { PAGES, PAGE_POLICY } = await import('./mail-link-pages.late.js');
    const headers = { 'Content-Security-Policy': PAGE_POLICY };
    return new Document(
      'text/html; charset=utf-8',
      Buffer.from(PAGES[name](this.basePath)),
      undefined,
      headers,
    );
  }
}
