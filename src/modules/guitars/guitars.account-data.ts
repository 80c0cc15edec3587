import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { Page } from '../../platform/dynamodb/item.js';
import { GuitarViews } from './guitar-views.js';
import { everyGuitar, GuitarsRepository } from './guitars.repository.js';

/** How a user's guitars are exported and erased; their photos are the images' own. */
@Injectable()
export class GuitarsAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly guitars: GuitarsRepository,
    private readonly views: GuitarViews,
  ) {
    this.registry.register({
      entity: 'guitars',
      export: async (userId, page) => {
        const { items, next } = await this.guitars.page(everyGuitar(userId), page);
        return new Page(await Promise.all(items.map((guitar) => this.views.of(guitar))), next);
      },
      erase: ({ userId }) => this.guitars.discardAll(userId),
    });
  }
}
