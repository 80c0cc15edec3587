import { Injectable } from '@nestjs/common';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { type Item, type Listing, Page } from '../../platform/dynamodb/item.js';
import { brandCounts } from './brand-counts.js';
import type { BrandFormat, ListGuitarsQuery, Sort } from './dto/guitar-query.dto.js';
import type { BrandResponse, GuitarResponse } from './dto/guitar-response.dto.js';
import { folded, keyTextOf } from '../../platform/key-text.js';
import type { Note, PrivateInfo } from './guitar.js';
import { guitarsByBrand, guitarsByYear, guitarsOf } from './guitar.item.js';
import { GuitarViews } from './guitar-views.js';
import { GuitarsRepository } from './guitars.repository.js';

@Injectable()
export class GuitarListsService {
  constructor(
    private readonly guitars: GuitarsRepository,
    private readonly views: GuitarViews,
  ) {}

  async list(userId: string, query: ListGuitarsQuery & Paged): Promise<Page<GuitarResponse>> {
    const { items, next } = await this.guitars.page(listingOf(userId, query), query);
    return new Page(await Promise.all(items.map((guitar) => this.views.of(guitar))), next);
  }

  async brands(userId: string, format: BrandFormat = 'counts'): Promise<BrandResponse[] | string[]> {
    const counts = brandCounts(await this.guitars.listBrands(userId));
    return format === 'names' ? counts.map(({ brand }) => brand) : counts;
  }
}

/** The order chooses where is read; there a brand or a range of years is a stretch, and everywhere else a filter. */
function listingOf(userId: string, query: ListGuitarsQuery): Listing {
  const { sort = '-createdAt', brand, yearMin, yearMax, type, condition, search } = query;
  const index = indexOf(sort, brand);
  const range = {
    created: () => guitarsOf(userId),
    brand: () => guitarsByBrand(userId, brand),
    year: () => guitarsByYear(userId, yearMin, yearMax),
  }[index]();
  const tests = [
    ...(brand !== undefined && index === 'year' ? [isOfBrand(brand)] : []),
    ...((yearMin ?? yearMax) !== undefined && index !== 'year' ? [isBetween(yearMin, yearMax)] : []),
    ...(search === undefined ? [] : [holds(search)]),
  ];
  const equal = { ...(type && { type }), ...(condition && { condition }) };
  return {
    ranges: [range],
    order: sort.startsWith('-') ? 'descending' : 'ascending',
    ...(Object.keys(equal).length > 0 && { where: equal }),
    ...(tests.length > 0 && { keep: (item: Item) => tests.every((test) => test(item)) }),
  };
}

/** Within one brand, the order of its index is that of creation. */
function indexOf(sort: Sort, brand: string | undefined): 'created' | 'brand' | 'year' {
  if (sort.endsWith('year')) return 'year';
  return brand === undefined && sort.endsWith('createdAt') ? 'created' : 'brand';
}

const isOfBrand = (brand: string) => (item: Item) => keyTextOf(item['brand'] as string) === keyTextOf(brand);

const isBetween =
  (from = 0, to = Number.POSITIVE_INFINITY) =>
  (item: Item) => {
    const { year } = item as Item & { readonly year?: number };
    return year !== undefined && from <= year && year <= to;
  };

/** Whether each word stands somewhere in what is searched. */
function holds(search: string): (item: Item) => boolean {
  const words = folded(search).split(' ');
  return (item) => {
    const { serialNumber = '' } = item['privateInfo'] as PrivateInfo;
    const notes = (item['notes'] as Note[]).map(({ content }) => content);
    const { brand, model, color } = item as unknown as Record<string, string | undefined>;
    const text = folded([brand, model, color, serialNumber, ...notes].join('\n'));
    return words.every((word) => text.includes(word));
  };
}
