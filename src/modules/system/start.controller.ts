import { Controller, Get, Header, Inject, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { basePathOf, CONFIG, type Config } from '../../config/config.js';
import { VERSION } from '../../config/version.js';
import { Public } from '../../http/access/access.decorators.js';
import { PublicFor } from '../../http/envelope/response.decorators.js';
import { GivesFile } from '../../http/openapi/describe.decorators.js';
import { PAGE_POLICY } from './docs.controller.js';
import { DocsService } from './docs.service.js';
import { StartAnswer, StartResponse } from './dto/system.dto.js';

/** The root: what people and programs find that know nothing but the address. */
@ApiTags('System')
@Controller({ version: VERSION_NEUTRAL })
@Public()
export class StartController {
  private readonly start: StartResponse;

  constructor(
    private readonly docs: DocsService,
    @Inject(CONFIG) config: Config,
  ) {
    const base = basePathOf(config);
    this.start = {
      name: 'Hearth',
      version: VERSION,
      api: `${base}/v1`,
      docs: `${base}/docs`,
      openapi: `${base}/openapi.json`,
      health: `${base}/health`,
    };
  }

  /** A page for browsers; for all others where everything else is. */
  @Get()
  @PublicFor(60)
  @Header('Content-Security-Policy', PAGE_POLICY)
  @GivesFile({ 'application/json': StartAnswer, 'text/html': 'text' })
  getStart(@Req() request: Request, @Res({ passthrough: true }) response: Response): unknown {
    response.vary('Accept');
    if (request.accepts(['json', 'html']) === 'html')
      return this.docs.file('start.html', request.get('accept-encoding'));
    return this.start;
  }
}
