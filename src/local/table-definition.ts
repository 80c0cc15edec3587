import { readFile } from 'node:fs/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  type TimeToLiveSpecification,
} from '@aws-sdk/client-dynamodb';
import { parse } from 'yaml';
import type { Config } from '../config/config.js';

type Properties = Omit<CreateTableCommandInput, 'TableName'> & {
  TimeToLiveSpecification: TimeToLiveSpecification;
};

/** The table as it is deployed: the properties of the CloudFormation resource. */
async function tableProperties(): Promise<Properties> {
  const template = parse(await readFile(new URL('../../infra/table.yml', import.meta.url), 'utf8')) as {
    Resources: { Table: { Properties: Properties } };
  };
  return template.Resources.Table.Properties;
}

/** Makes the table at a local endpoint, from the definition that is deployed. One that is there stays. */
export async function ensureTable({ aws, table }: Config): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode, TimeToLiveSpecification } =
    await tableProperties();
  const client = new DynamoDBClient({
    region: aws.region,
    ...(table.endpoint === undefined ? {} : { endpoint: table.endpoint }),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const TableName = table.name;
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        KeySchema,
        AttributeDefinitions,
        GlobalSecondaryIndexes,
        BillingMode,
      }),
    );
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}
