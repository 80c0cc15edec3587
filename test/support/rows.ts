import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { databaseEndpoint } from './environment.js';
import type { TestApp } from './test-app.js';

/** Past every fault that a test injects. */
export const testDynamoDb = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    endpoint: databaseEndpoint,
    region: 'eu-north-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
);

export type Row = Record<string, unknown> & { PK: string; SK: string; EntityType: string };

/** Every row of a test's table, past every fault. */
export async function rowsOf({ environment }: TestApp): Promise<Row[]> {
  const rows: Row[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const answer = await testDynamoDb.send(
      new ScanCommand({
        TableName: environment['DYNAMODB_TABLE_NAME'],
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    rows.push(...((answer.Items ?? []) as Row[]));
    ExclusiveStartKey = answer.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}
