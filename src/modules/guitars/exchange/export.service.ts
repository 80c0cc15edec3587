import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Document } from '../../../http/envelope/document.js';
import { Cursors } from '../../../http/paging/cursors.js';
import { requestContext } from '../../../platform/request-context.js';
import { everyGuitar, GuitarsRepository } from '../guitars.repository.js';
import type { ExportedGuitar, ExportQuery } from './dto/exchange.dto.js';
import { exportedOf, GUITARS_PER_FILE } from './exported-guitar.js';
import { COLUMNS, rowOf } from './guitar-csv.js';

const READ_AT_ONCE = 100;
/** Lambda answers with at most 6 MB, of which base64 takes its part; an import takes 5. */
const FILE_BYTES = 3.5 * 1024 * 1024;

/** How a file of guitars is written. */
interface FileFormat {
  readonly contentType: string;
  readonly begin: string;
  readonly between: string;
  readonly end: string;
  write(guitar: ExportedGuitar): string;
}

const JSON_FILE: FileFormat = {
  contentType: 'application/json; charset=utf-8',
  begin: '{"guitars":[\n',
  between: ',\n',
  end: '\n]}\n',
  write: (guitar) => JSON.stringify(guitar),
};

/** Every text is quoted, since a line break within one would end the row for some readers; with a BOM, for Excel. */
async function csvFile(): Promise<FileFormat> {
  const { stringify } = await import('./csv.late.js');
  const line = (row: Readonly<Record<string, string>>) =>
    stringify([row], { columns: [...COLUMNS], quoted_string: true, record_delimiter: 'windows' });
  return {
    contentType: 'text/csv; charset=utf-8',
    begin: `\uFEFF${line(Object.fromEntries(COLUMNS.map((column) => [column, column])))}`,
    between: '',
    end: '',
    write: (guitar) => line(rowOf(guitar)),
  };
}

/** The collection as a file; a large one in several, each of which names the next in its `Link` header (RFC 8288). */
@Injectable()
export class ExportService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly guitars: GuitarsRepository,
    private readonly cursors: Cursors,
  ) {}

  async file(userId: string, { format = 'json', after }: ExportQuery): Promise<Document> {
    const file = format === 'csv' ? await csvFile() : JSON_FILE;
    const { written, next } = await this.write(userId, after, file);
    const text = file.begin + written.join(file.between) + file.end;
    return new Document(file.contentType, Buffer.from(text), undefined, {
      'Content-Disposition': `attachment; filename="guitars.${format}"`,
      ...(next !== undefined && { Link: await this.linkTo(next) }),
    });
  }

  /** @returns the guitars as they are written, and the last of them where there are more */
  private async write(
    userId: string,
    from: string | undefined,
    file: FileFormat,
  ): Promise<{ written: string[]; next: string | undefined }> {
    const written: string[] = [];
    let [bytes, last] = [0, from];
    for (;;) {
      const page = await this.guitars.page(everyGuitar(userId), { limit: READ_AT_ONCE, after: last });
      for (const guitar of page.items) {
        const text = file.write(exportedOf(guitar));
        bytes += Buffer.byteLength(text);
        const full = bytes > FILE_BYTES || written.length >= GUITARS_PER_FILE;
        if (full && written.length > 0) return { written, next: last };
        written.push(text);
        last = guitar.id;
      }
      if (page.next === null) return { written, next: undefined };
      last = page.next;
    }
  }

  /** The same request with another cursor: a cursor is sealed for the request it is made for. */
  private async linkTo(position: string): Promise<string> {
    const url = new URL(requestContext.current()?.target ?? '', this.config.publicUrl);
    url.searchParams.set('cursor', await this.cursors.seal(position));
    return `<${this.config.publicUrl}${url.pathname}${url.search}>; rel="next"`;
  }
}
