import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Document } from '../../../http/envelope/document.js';
import { Cursors } from '../../../http/paging/cursors.js';
import { everyGuitar, GuitarsRepository } from '../guitars.repository.js';
import type { ExportedGuitar, ExportQuery } from './dto/exchange.dto.js';
import { exportedOf, GUITARS_PER_FILE } from './exported-guitar.js';
import { COLUMNS, rowOf } from './guitar-csv.js';

const READ_AT_ONCE = 100;
/** Lambda answers with at most 6 MB, of which base64 takes its part. */
const FILE_BYTES = 3 * 1024 * 1024;

/** The collection as a file; a large one in several, each of which names the next in its `Link` header (RFC 8288). */
@Injectable()
export class ExportService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly guitars: GuitarsRepository,
    private readonly cursors: Cursors,
  ) {}

  async file(userId: string, { format = 'json', after }: ExportQuery): Promise<Document> {
    const { guitars, next } = await this.read(userId, after);
    const headers = {
      'Content-Disposition': `attachment; filename="guitars.${format}"`,
      ...(next !== null && { Link: await this.linkTo(next, format) }),
    };
    if (format === 'csv')
      return new Document('text/csv; charset=utf-8', await csvOf(guitars), undefined, headers);
    const text = JSON.stringify({ guitars }, null, 2);
    return new Document('application/json; charset=utf-8', Buffer.from(text), undefined, headers);
  }

  private async read(userId: string, from: string | undefined) {
    const guitars: ExportedGuitar[] = [];
    let [bytes, after, next] = [0, from, null as string | null];
    do {
      const page = await this.guitars.page(everyGuitar(userId), { limit: READ_AT_ONCE, after });
      const exported = page.items.map(exportedOf);
      bytes += Buffer.byteLength(JSON.stringify(exported));
      guitars.push(...exported);
      ({ next } = page);
      after = next ?? undefined;
    } while (next !== null && bytes < FILE_BYTES && guitars.length < GUITARS_PER_FILE);
    return { guitars, next };
  }

  private async linkTo(position: string, format: string): Promise<string> {
    const cursor = await this.cursors.seal(position);
    return `<${this.config.publicUrl}/v1/guitars/export?format=${format}&cursor=${cursor}>; rel="next"`;
  }
}

async function csvOf(guitars: readonly ExportedGuitar[]): Promise<Buffer> {
  const { stringify } = await import('./csv.late.js');
  const options = { header: true, columns: [...COLUMNS], bom: true, record_delimiter: 'windows' } as const;
  return Buffer.from(stringify(guitars.map(rowOf), options));
}
