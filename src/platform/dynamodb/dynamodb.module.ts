import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CONFIG } from '../../config/config.js';
import { createDynamoDbClient } from './client.js';
import { Connection, DYNAMODB } from './connection.js';
import { DueItems } from './due-items.js';
import { LimitedItems } from './limited-items.js';
import { Listings } from './listings.js';
import { SingleItems } from './single-items.js';
import { Table } from './table.js';

@Global()
@Module({
  providers: [
    { provide: DYNAMODB, useFactory: createDynamoDbClient, inject: [CONFIG] },
    Connection,
    Listings,
    Table,
    DueItems,
    SingleItems,
    LimitedItems,
  ],
  exports: [Table, DueItems, SingleItems, LimitedItems],
})
export class DynamoDbModule implements OnApplicationShutdown {
  constructor(@Inject(DYNAMODB) private readonly client: DynamoDBDocumentClient) {}

  onApplicationShutdown(): void {
    this.client.destroy();
  }
}
