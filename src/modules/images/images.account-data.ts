import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { Page } from '../../platform/dynamodb/item.js';
import { Storage } from '../../platform/storage/storage.js';
import { ImagesRepository } from './images.repository.js';
import { ImagesService } from './images.service.js';
import { foldersOf } from './object-keys.js';

/** How a user's images and what is on its way to become one are exported and erased, objects included. */
@Injectable()
export class ImagesAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly images: ImagesRepository,
    private readonly service: ImagesService,
    private readonly storage: Storage,
  ) {
    this.registry.register({
      entity: 'uploads',
      erase: ({ userId }) => this.images.discardUploads(userId),
    });
    this.registry.register({
      entity: 'images',
      export: async (userId, page) => {
        const { items, next } = await this.images.listAll(userId, page);
        return new Page(await Promise.all(items.map((image) => this.service.response(image))), next);
      },
      erase: ({ userId }) => this.images.discardAll(userId),
    });
    this.registry.register({
      entity: 'imageObjects',
      erase: async ({ userId }) => {
        let removed = 0;
        for (const folder of foldersOf(userId)) removed += await this.storage.removeAll(folder);
        return removed;
      },
    });
  }
}
