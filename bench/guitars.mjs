// What a page of a collection costs as the collection grows.
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 } from 'uuid';
import { API_MODULES } from '../dist/api-modules.js';
import { AppModule } from '../dist/app.module.js';
import { loadConfig } from '../dist/config/config.js';
import { ensureTable } from '../dist/local/table-definition.js';
import { GuitarListsService } from '../dist/modules/guitars/guitar-lists.service.js';
import { newGuitarItem } from '../dist/modules/guitars/guitar.item.js';
import { merged } from '../dist/modules/guitars/guitar-fields.js';
import { stamped } from '../dist/platform/dynamodb/expressions.js';
import { JsonLogger } from '../dist/platform/logger.js';
import { RequestContext, requestContext } from '../dist/platform/request-context.js';

const SIZES = [10, 1000, 5000];
const PAGE = 10;
const WRITTEN_AT_ONCE = 25;
const BRANDS = [
  'Fender',
  'Gibson',
  'Ibanez',
  'Martin',
  'Yamaha',
  'Gretsch',
  'Rickenbacker',
  'Taylor',
  'PRS',
  'ESP',
];

/** The questions; the rare word is in one guitar of the collection, its oldest. */
const QUESTIONS = {
  'newest first': {},
  'sort=year': { sort: 'year' },
  'brand=fender': { brand: 'fender' },
  'yearMin, yearMax, sort=year': { yearMin: 1960, yearMax: 1969, sort: 'year' },
  'type=Bass (a tenth)': { type: 'Bass' },
  'search=sunburst (a third)': { search: 'sunburst' },
  'search=rare (the oldest)': { search: 'rare' },
};

function guitarItem(userId, number) {
  const fields = merged(
    {
      brand: BRANDS[number % BRANDS.length],
      model: number === 0 ? 'A rare one' : `Model ${number}`,
      year: 1950 + (number % 70),
      type: number % 10 === 3 ? 'Bass' : 'Electric',
      condition: 'Very Good',
      color: ['Sunburst', 'Black', 'Natural'][number % 3],
      bodyMaterial: 'Alder',
      neckMaterial: 'Maple',
      fretboardMaterial: 'Rosewood',
      detailedSpecs: { neckProfile: 'C', fretboardRadius: '9.5 in', weight: '3.5 kg' },
      privateInfo: { serialNumber: `SN${number}`, purchasePrice: 1200, currentValue: 1500, currency: 'EUR' },
      notes: [
        {
          id: randomUUID(),
          content: 'Strings 10-46, set up in spring. '.repeat(8),
          createdAt: '2025-01-01T00:00:00.000Z',
        },
      ],
    },
    [],
  );
  const id = v7({ msecs: Date.UTC(2025, 0, 1) + number * 1000 });
  return stamped(newGuitarItem(userId, id, fields), new Date().toISOString(), randomUUID());
}

/** One collection for each size, in one table. */
export async function openCollections(environment) {
  const config = loadConfig({ ...environment, DYNAMODB_TABLE_NAME: 'hearth-guitars' });
  await ensureTable(config);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: config.table.endpoint, region: config.aws.region, credentials }),
  );
  const users = {};
  for (const size of SIZES) {
    users[size] = randomUUID();
    const items = Array.from({ length: size }, (_, number) => guitarItem(users[size], number));
    for (let done = 0; done < size; done += WRITTEN_AT_ONCE) {
      const requests = items.slice(done, done + WRITTEN_AT_ONCE).map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [config.table.name]: requests } }));
    }
    process.stderr.write(`guitars ${size}\n`);
  }
  const logger = new JsonLogger('error');
  const app = await NestFactory.createApplicationContext(
    AppModule.with({ config, logger, docsDirectory: '', modules: API_MODULES }),
    { logger, abortOnError: false },
  );
  const lists = app.get(GuitarListsService, { strict: false });
  const peers = {};
  for (const [question, query] of Object.entries(QUESTIONS)) {
    for (const size of SIZES) {
      peers[`${question} | ${size}`] = async () => {
        const context = new RequestContext('bench', '', 60_000);
        const began = performance.now();
        const page = await requestContext.run(context, () =>
          lists.list(users[size], { sort: '-createdAt', ...query, limit: PAGE }),
        );
        const ms = performance.now() - began;
        return { ms, found: page.items.length, ...context.dynamodb };
      };
    }
  }
  return { peers, sizes: SIZES, questions: Object.keys(QUESTIONS), page: PAGE, close: () => app.close() };
}
