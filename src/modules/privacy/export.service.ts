import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { CURSOR_INVALID } from '../../http/errors/common.errors.js';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { Page } from '../../platform/dynamodb/item.js';
import type { ExportedEntities } from './dto/privacy.dto.js';

const READ_AT_ONCE = 100;
/** Lambda answers with at most 6 MB, of which base64 and the envelope take their part. */
const PAGE_BYTES = 3 * 1024 * 1024;
const PAGE_ITEMS = 1000;

/** Everything that is stored of a user and theirs to read, entity by entity. */
@Injectable()
export class ExportService {
  constructor(private readonly registry: AccountDataRegistry) {}

  /** @param position where the page before ended: `<entity>:<position in it>` */
  async page(userId: string, position: string | undefined): Promise<Page<ExportedEntities>> {
    // By name, since the cursor names an entity, and each process loads its modules in another order.
    const readable = (await this.registry.list())
      .filter(({ export: read }) => read !== undefined)
      .toSorted((one, other) => (one.entity < other.entity ? -1 : 1));
    const [start = '', ...rest] = (position ?? '').split(':');
    let index = position === undefined ? 0 : readable.findIndex(({ entity }) => entity === start);
    if (index < 0) throw new ApiError(CURSOR_INVALID);
    let after: string | undefined = rest.join(':') || undefined;
    const groups: ExportedEntities[] = [];
    let [bytes, count] = [0, 0];
    for (let data = readable[index]; data; data = readable[index]) {
      if (bytes >= PAGE_BYTES || count >= PAGE_ITEMS)
        return new Page(groups, `${data.entity}:${after ?? ''}`);
      const page = await data.export?.(userId, { limit: READ_AT_ONCE, after });
      const items = (page?.items ?? []) as Record<string, unknown>[];
      bytes += Buffer.byteLength(JSON.stringify(items));
      count += items.length;
      const group = groups.find(({ entity }) => entity === data?.entity);
      if (group)
        Object.assign(group, { count: group.count + items.length, items: [...group.items, ...items] });
      else groups.push({ entity: data.entity, count: items.length, items });
      after = page?.next ?? undefined;
      if (after === undefined) index += 1;
    }
    return new Page(groups, null);
  }
}
