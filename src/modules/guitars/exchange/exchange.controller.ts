import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { BAD_REQUEST, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import {
  Fails,
  FailsValidationAs,
  Gives,
  GivesFile,
  TakesText,
  Takes,
} from '../../../http/openapi/describe.decorators.js';
import { AcceptsBody } from '../../../http/request/accepts-body.decorator.js';
import { GUITAR_VALIDATION_ERROR, IMPORT_UNREADABLE } from '../guitars.errors.js';
import { ExportDocument, ExportQuery, ImportDto, ImportQuery, ImportReport } from './dto/exchange.dto.js';
import { ExportService } from './export.service.js';
import { ImportService } from './import.service.js';

/** RFC 7111, and what browsers on Windows say of a CSV file. */
const CSV = ['text/csv', 'application/csv', 'application/vnd.ms-excel'];
/** Lambda takes files of up to 6 MB. */
const FILE_BYTES = 5 * 1024 * 1024;
/** Of 1,000 guitars with all that can be said of them, and of as many notes as fit. */
const FILE_ENTRIES = 200_000;

@ApiTags('Guitars')
@Controller('guitars')
export class ExchangeController {
  constructor(
    private readonly exports: ExportService,
    private readonly imports: ImportService,
  ) {}

  /** The collection as a file, which an import takes. A large one comes in several: `Link` names the next. */
  @Get('export')
  @GivesFile({ 'application/json': ExportDocument, 'text/csv': 'text' }, { goesOn: true })
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  exportGuitars(@CurrentUser() user: CurrentUser, @Query() query: ExportQuery) {
    return this.exports.file(user.id, query);
  }

  /** Brings up to 1,000 guitars into the collection, as JSON or CSV, and reports on every row. The same file again changes nothing. */
  @Post('import')
  @HttpCode(200)
  @TakesText('text/csv')
  @AcceptsBody({ text: CSV, maxBytes: FILE_BYTES, maxEntries: FILE_ENTRIES })
  @ApiBody({ type: ImportDto })
  @Takes({ guitars: [{ brand: 'Fender', model: 'Jaguar', year: 1962, color: 'Black' }] })
  @Gives(ImportReport)
  @Fails(IMPORT_UNREADABLE, BAD_REQUEST, WRITE_CONFLICT)
  @FailsValidationAs(GUITAR_VALIDATION_ERROR)
  importGuitars(@CurrentUser() user: CurrentUser, @Body() body: unknown, @Query() query: ImportQuery) {
    return this.imports.run(user.id, body, query);
  }
}
