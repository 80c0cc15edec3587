import { Controller, Get, Header, Headers, Param, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../http/access/access.decorators.js';
import { PublicFor } from '../../http/envelope/response.decorators.js';
import { DocsService } from './docs.service.js';

export const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

@ApiExcludeController()
@Controller({ version: VERSION_NEUTRAL })
@Public()
export class DocsController {
  constructor(private readonly docs: DocsService) {}

  /** Browsers ask for it by this name, and take any picture. */
  @Get('favicon.ico')
  @PublicFor(3600)
  getIcon(@Headers('accept-encoding') encoding?: string) {
    return this.docs.file('favicon.svg', encoding);
  }

  @Get('openapi.json')
  @PublicFor(60)
  getOpenApi(@Headers('accept-encoding') encoding?: string) {
    return this.docs.file('openapi.json', encoding);
  }

  @Get('docs')
  @PublicFor(60)
  @Header('Content-Security-Policy', PAGE_POLICY)
  getPage(@Headers('accept-encoding') encoding?: string) {
    return this.docs.file('index.html', encoding);
  }

  @Get('docs/:file')
  @PublicFor(3600)
  getFile(@Param('file') file: string, @Headers('accept-encoding') encoding?: string) {
    return this.docs.file(file, encoding);
  }
}
