import { readFile } from 'node:fs/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  type TimeToLiveSpecification,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { parse } from 'yaml';
import type { Config } from '../config/config.js';
import { clientOptions } from '../platform/aws-client.js';

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

/**
 * Makes the table where it is not there, from the definition that is deployed, and waits until it can be used.
 * @returns whether it is new
 */
export async function ensureTable(config: Config): Promise<boolean> {
  const { table } = config;
  const { TimeToLiveSpecification, ...properties } = await tableProperties();
  const client = new DynamoDBClient(clientOptions(config, table.endpoint, table));
  try {
    const isNew = await create(client, { ...pick(properties), TableName: table.name });
    await waitUntilTableExists(
      { client, maxWaitTime: ACTIVE_SECONDS, minDelay: 1 },
      { TableName: table.name },
    );
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: table.name }),
    );
    if (!['ENABLED', 'ENABLING'].includes(TimeToLiveDescription?.TimeToLiveStatus ?? ''))
      await client.send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
    return isNew;
  } finally {
    client.destroy();
  }
}

/** DynamoDB takes some ten seconds for a table with indexes. */
const ACTIVE_SECONDS = 120;

/** What a local table has of the deployed one. */
const pick = ({
  KeySchema,
  AttributeDefinitions,
  GlobalSecondaryIndexes,
  BillingMode,
}: Omit<Properties, 'TimeToLiveSpecification'>) => ({
  KeySchema,
  AttributeDefinitions,
  GlobalSecondaryIndexes,
  BillingMode,
});

async function create(client: DynamoDBClient, input: CreateTableCommandInput): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(input));
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}
