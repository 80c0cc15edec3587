// What a run of the recurrence worker costs as rules pile up that are not due, beside a Scan that looks for those that are.
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { API_MODULES } from '../dist/api-modules.js';
import { AppModule } from '../dist/app.module.js';
import { loadConfig } from '../dist/config/config.js';
import { ensureTable } from '../dist/local/table-definition.js';
import { DueTasksService } from '../dist/modules/quests/recurrence/due-tasks.service.js';
import { newRuleItem } from '../dist/modules/quests/recurrence/rule.item.js';
import { stamped } from '../dist/platform/dynamodb/expressions.js';
import { daysAfter } from '../dist/platform/local-time.js';
import { JsonLogger } from '../dist/platform/logger.js';
import { RequestContext, requestContext } from '../dist/platform/request-context.js';

const SIZES = [10, 1000, 100_000];
export const DUE = 10;
const RULES_PER_USER = 200;
const WRITTEN_AT_ONCE = 25;

const today = () => new Date().toISOString().slice(0, 10);

function ruleItem(userId, nextDate) {
  const fields = {
    title: 'Practise scales for half an hour',
    description: null,
    category: 'music',
    priority: 'medium',
    goalId: null,
    frequency: 'daily',
    rrule: null,
    interval: 1,
    daysOfWeek: null,
    startDate: nextDate,
    endDate: null,
    count: null,
    mode: 'schedule',
    exceptions: [],
    status: 'active',
    skipIfOpen: false,
  };
  const cursor = { nextDate, lastDate: null, made: 0 };
  const item = newRuleItem({ userId, id: randomUUID() }, fields, cursor, 'UTC');
  return stamped(item, new Date().toISOString(), randomUUID());
}

async function put(client, table, items) {
  for (let done = 0; done < items.length; done += WRITTEN_AT_ONCE) {
    const requests = items.slice(done, done + WRITTEN_AT_ONCE).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    if (done % 5000 === 0 && items.length > 5000)
      process.stderr.write(`\rrules ${done}/${items.length}${done + 5000 >= items.length ? '\n' : ''}`);
  }
}

async function scan(client, table) {
  let [ExclusiveStartKey, roundTrips, readUnits] = [undefined, 0, 0];
  do {
    const answer = await client.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: 'begins_with(GSI1PK, :queue) AND GSI1SK <= :now',
        ExpressionAttributeValues: { ':queue': 'RRULE#NEXT', ':now': new Date().toISOString() },
        ExclusiveStartKey,
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    roundTrips += 1;
    readUnits += answer.ConsumedCapacity?.CapacityUnits ?? 0;
    ({ LastEvaluatedKey: ExclusiveStartKey } = answer);
  } while (ExclusiveStartKey);
  return { roundTrips, readUnits };
}

/** One table for each size, each with a worker of its own. */
export async function openWorkers(environment) {
  const peers = {};
  const apps = [];
  for (const size of SIZES) {
    const config = loadConfig({ ...environment, DYNAMODB_TABLE_NAME: `hearth-rules-${size}` });
    await ensureTable(config);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: config.table.endpoint, region: config.aws.region, credentials }),
    );
    const waiting = Array.from({ length: size - DUE }, (_, index) => index);
    const users = Array.from({ length: Math.ceil(size / RULES_PER_USER) }, () => randomUUID());
    const later = daysAfter(today(), 30);
    await put(
      client,
      config.table.name,
      waiting.map((index) => ruleItem(users[index % users.length], later)),
    );
    const logger = new JsonLogger('error');
    const app = await NestFactory.createApplicationContext(
      AppModule.with({ config, logger, docsDirectory: '', modules: API_MODULES }),
      { logger, abortOnError: false },
    );
    apps.push(app);
    peers[`${size} rules`] = async () => {
      await put(
        client,
        config.table.name,
        Array.from({ length: DUE }, () => ruleItem(randomUUID(), today())),
      );
      const scanned = performance.now();
      const scanCost = await scan(client, config.table.name);
      const began = performance.now();
      const context = new RequestContext('bench', '', 60_000);
      const { done } = await requestContext.run(context, () =>
        app.get(DueTasksService, { strict: false }).run(),
      );
      if (done !== DUE) throw new Error(`${done} tasks were made instead of ${DUE}`);
      return {
        ms: performance.now() - began,
        scanMs: began - scanned,
        ...context.dynamodb,
        scanUnits: scanCost.readUnits,
        scanTrips: scanCost.roundTrips,
      };
    };
  }
  return { peers, close: () => Promise.all(apps.map((app) => app.close())) };
}
