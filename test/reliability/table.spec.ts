import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Config, loadConfig } from '../../src/config/config.js';
import { createDynamoDbClient } from '../../src/platform/dynamodb/client.js';
import { Connection } from '../../src/platform/dynamodb/connection.js';
import { StaleVersion } from '../../src/platform/dynamodb/faults.js';
import { ServiceUnavailable } from '../../src/platform/faults.js';
import type { Listing } from '../../src/platform/dynamodb/item.js';
import { Listings } from '../../src/platform/dynamodb/listings.js';
import { Table } from '../../src/platform/dynamodb/table.js';
import { RequestContext, requestContext } from '../../src/platform/request-context.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, type Environment, isolatedEnvironment } from '../support/environment.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { ScriptedServer } from '../support/scripted-server.js';

class Refused extends Error {}
const refuse = () => new Refused();

describe('The table', () => {
  let proxy: FaultProxy;
  let config: Config;
  let client: DynamoDBDocumentClient;
  let table: Table;
  let environment: Environment;
  const clock = new TestClock();
  const tableOf = (of: Config, by: DynamoDBDocumentClient) => {
    const connection = new Connection(by, of, clock);
    return new Table(connection, new Listings(connection), clock);
  };

  beforeAll(async () => {
    proxy = await FaultProxy.start(databaseEndpoint);
    environment = await isolatedEnvironment({ DYNAMODB_ENDPOINT: proxy.url });
    config = loadConfig(environment);
    client = createDynamoDbClient(config);
    table = tableOf(config, client);
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    client.destroy();
    await proxy.stop();
  });

  let made = 0;
  const key = () => {
    made += 1;
    return { PK: `TEST#${made}`, SK: 'ITEM' };
  };
  const create = (fields: object = {}) =>
    table.create(table.stamp({ ...key(), EntityType: 'TEST', ...fields }), refuse);

  describe('loses a tenth of the answers to 200 increments in parallel', () => {
    const everyTenth = () => {
      let call = 0;
      proxy.plan = () => {
        call += 1;
        return call % 10 === 0 ? 'reset-after' : undefined;
      };
    };

    it('and counts too many when an UpdateItem is simply sent again: what this gateway is for', async () => {
      const Key = key();
      everyTenth();
      await inBatches(200, () =>
        client.send(
          new UpdateCommand({
            TableName: config.table.name,
            Key,
            UpdateExpression: 'ADD hits :one',
            ExpressionAttributeValues: { ':one': 1 },
          }),
        ),
      );
      proxy.heal();
      const { Item } = await client.send(
        new GetCommand({ TableName: config.table.name, Key, ConsistentRead: true }),
      );
      expect(Item?.['hits']).toBeGreaterThan(200);
    });

    it('and counts exactly in transactions', async () => {
      const item = await create({ hits: 0 });
      everyTenth();
      await inBatches(200, () =>
        table.transact([{ update: item, change: {}, add: { hits: 1 }, orElse: refuse }]),
      );
      proxy.heal();
      expect((await table.get(item, { consistent: true }))?.['hits']).toBe(200);
    });
  });

  it('passes on what can never succeed in a transaction, and calls only what passes an outage', async () => {
    let code = 'ValidationError';
    const server = await ScriptedServer.start(() => ({
      status: 400,
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        message: 'Transaction cancelled',
        CancellationReasons: [{ Code: code, Message: 'The item is too large' }, { Code: 'None' }],
      },
    }));
    const other = loadConfig({ ...environment, DYNAMODB_ENDPOINT: server.url });
    const away = createDynamoDbClient(other);
    const writes = [key(), key()].map((at) => ({
      put: table.stamp({ ...at, EntityType: 'TEST' }),
      orElse: refuse,
    }));
    const failure = () =>
      tableOf(other, away)
        .transact(writes)
        .catch((error: Error) => error.name);
    expect(await failure()).toBe('TransactionCanceledException');
    code = 'DuplicateItem';
    expect(await failure()).toBe('ServiceUnavailable');
    away.destroy();
    await server.stop();
  });

  it('recognises its own create however often others have changed or replaced the item', async () => {
    const made = table.stamp({ ...key(), EntityType: 'TEST' });
    let item = await table.create(made, refuse);
    for (let change = 0; change < 12; change += 1) {
      item = await table.update(item, { change }, refuse);
      item = await table.replace(table.restamp(item, { replaced: change }), refuse);
    }
    expect(await table.create(made, refuse)).toMatchObject({ change: 11, replaced: 11, Version: 25 });
    await expect(table.create(table.stamp(made), refuse)).rejects.toThrow(Refused);
  });

  it('replaces only what was read, also where the version was left alone meanwhile', async () => {
    const item = await create();
    await table.update(item, { hidden: true }, refuse, { silent: true });
    await expect(table.replace(table.restamp(item, { a: 1 }), refuse)).rejects.toThrow(StaleVersion);
    expect((await table.get(item))?.['hidden']).toBe(true);
  });

  it('makes nothing twice, unless the first has expired', async () => {
    const expiring = await create({ ExpiresAt: clock.seconds() + 60 });
    const again = table.stamp({ ...expiring, EntityType: 'TEST' });
    await expect(table.create(again, refuse)).rejects.toThrow(Refused);
    clock.forward({ seconds: 60 });
    expect(await table.get(expiring)).toBeUndefined();
    expect(await table.getMany([expiring])).toEqual([]);
    const later = table.stamp({ ...expiring, EntityType: 'TEST', ExpiresAt: clock.seconds() + 60 });
    await expect(table.create(later, refuse)).resolves.toMatchObject({ ExpiresAt: clock.seconds() + 60 });
  });

  it('tells a missing item from a stale one', async () => {
    await expect(table.update(key(), {}, refuse, { versions: [1] })).rejects.toThrow(Refused);
    const item = await create();
    await expect(table.update(item, {}, refuse, { versions: [7] })).rejects.toThrow(StaleVersion);
    await expect(table.update(item, {}, refuse, { versions: [] })).rejects.toThrow(StaleVersion);
    await expect(table.remove(item, refuse, { versions: [7] })).rejects.toThrow(StaleVersion);
    await expect(table.remove(key(), refuse)).rejects.toThrow(Refused);
    const next = table.restamp(item, { a: 1 });
    await table.replace(next, refuse);
    await expect(table.replace(table.restamp(item, { a: 2 }), refuse)).rejects.toThrow(StaleVersion);
    const write = { replace: table.restamp(item, { a: 2 }), orElse: refuse };
    await expect(table.transact([write])).rejects.toThrow(StaleVersion);
    const nowhere = { replace: table.restamp({ ...item, ...key() }, {}), orElse: refuse };
    await expect(table.transact([nowhere])).rejects.toThrow(Refused);
    await expect(table.discard(key())).resolves.toBeUndefined();
  });

  it('does all of a transaction or nothing, and says what failed', async () => {
    const [one, other] = [await create(), key()];
    class Second extends Error {}
    const writes = [
      { update: one, change: { touched: true }, orElse: refuse },
      { check: other, orElse: () => new Second() },
    ];
    await expect(table.transact(writes)).rejects.toThrow(Second);
    expect((await table.get(one))?.['touched']).toBeUndefined();
  });

  it('recognises its own transaction, whatever has changed around it', async () => {
    const parent = await create();
    const child = table.stamp({ ...key(), EntityType: 'TEST' });
    const writes = [
      { check: parent, orElse: refuse },
      { put: child, orElse: refuse },
    ];
    await table.transact(writes);
    await table.remove(parent, refuse);
    await expect(table.transact(writes)).resolves.toBeUndefined();
  });

  it('gives up on a database that never answers when its time is over', async () => {
    proxy.fail('hang');
    const context = new RequestContext('test', '/', 500);
    await expect(requestContext.run(context, () => table.get(key()))).rejects.toThrow(ServiceUnavailable);
    // Far from what three tries of five seconds would take.
    expect(proxy.calls).toHaveLength(1);
  });

  it('gives up on a database that never answers without a request’s deadline too', async () => {
    proxy.fail('hang');
    const hasty = loadConfig({ ...environment, AWS_REQUEST_TIMEOUT_MS: '300' });
    const impatient = createDynamoDbClient(hasty);
    await expect(tableOf(hasty, impatient).get(key())).rejects.toThrow(ServiceUnavailable);
    impatient.destroy();
  });

  it('gives up on items that always collide', async () => {
    const item = await create();
    proxy.fail('conflict');
    await expect(table.transact([{ check: item, orElse: refuse }])).rejects.toThrow(ServiceUnavailable);
    await expect(table.update(item, {}, refuse)).rejects.toThrow(ServiceUnavailable);
  });

  it('counts what a request costs, retries included', async () => {
    const item = await create();
    proxy.fail('internal-error', { times: 1 });
    const context = new RequestContext('test', '/', 5000);
    await requestContext.run(context, async () => {
      await table.get(item);
      await table.update(item, { a: 1 }, refuse);
    });
    expect(context.dynamodb).toEqual({ roundTrips: 3, readUnits: 0.5, writeUnits: 1 });
  });

  describe('pages', () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { maxLength: 30 });
    const flags = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });

    it('hold every item once, in order, each page but the last full, whatever the ranges, filter and page size', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(keys, { minLength: 1, maxLength: 3 }),
          flags,
          fc.integer({ min: 1, max: 7 }),
          fc.constantFrom('ascending' as const, 'descending' as const),
          fc.boolean(),
          fc.option(fc.stringMatching(/^[0-9a-f]{4}$/), { nil: undefined }),
          async (partitions, kept, limit, order, filtered, from) => {
            const { PK } = key();
            const rows = partitions.flatMap((suffixes, partition) =>
              suffixes.map((suffix, position) => ({
                SK: `${partition}#${suffix}${partition}`,
                keep: kept[position] === true,
              })),
            );
            await Promise.all(
              rows.map(({ SK, keep }) =>
                table.create(table.stamp({ PK, SK, EntityType: 'TEST', keep }), refuse),
              ),
            );
            const listing: Listing = {
              ranges: partitions.map((_, partition) => ({ partition: PK, prefix: `${partition}#`, from })),
              order,
              ...(filtered && { where: { keep: true } }),
            };
            const read: string[] = [];
            let after: string | undefined;
            do {
              const page = await table.page(listing, { limit, after });
              expect(page.items.length).toBeLessThanOrEqual(limit);
              if (page.next !== null) expect(page.items).toHaveLength(limit);
              read.push(...page.items.map(({ SK }) => SK.slice(2)));
              after = page.next ?? undefined;
            } while (after !== undefined);
            const expected = rows
              .filter(({ keep }) => keep || !filtered)
              .map(({ SK }) => SK.slice(2))
              .filter((suffix) => from === undefined || suffix >= from)
              .sort();
            expect(read).toEqual(order === 'ascending' ? expected : expected.toReversed());
          },
        ),
        { numRuns: 40 },
      );
    });
  });
});

async function inBatches(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += 20) await Promise.all(Array.from({ length: 20 }, work));
}
