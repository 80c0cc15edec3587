// The work of quests by hand, for peers: create, get and list with the document client.
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';

const endpoint = process.env.DYNAMODB_ENDPOINT;
const TableName = process.env.DYNAMODB_TABLE_NAME;
export const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    region: 'eu-north-1',
    ...(endpoint && { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  }),
);

export async function createQuest(sub, quest) {
  const id = randomUUID();
  const now = new Date().toISOString();
  const Item = {
    PK: `USER#${sub}`,
    SK: `TASK#${id}`,
    GSI1PK: `USER#${sub}#DUE`,
    GSI1SK: `${quest.dueDate}#${id}`,
    GSI3PK: `USER#${sub}#OPEN`,
    GSI3SK: `${quest.dueDate}#${id}`,
    EntityType: 'TASK',
    Status: 'PENDING',
    ...quest,
    CreatedAt: now,
    UpdatedAt: now,
    Version: 1,
  };
  await client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(PK)' }));
  return { id, ...quest, createdAt: now };
}

export async function getQuest(sub, id) {
  const { Item } = await client.send(
    new GetCommand({ TableName, Key: { PK: `USER#${sub}`, SK: `TASK#${id}` } }),
  );
  return Item && asQuest(Item);
}

export async function listQuests(sub, limit) {
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'GSI1',
      KeyConditionExpression: 'GSI1PK = :partition',
      ExpressionAttributeValues: { ':partition': `USER#${sub}#DUE` },
      Limit: limit,
    }),
  );
  return Items.map(asQuest);
}

const asQuest = ({ SK, type, title, dueDate, priority, CreatedAt, Version }) => ({
  id: SK.slice('TASK#'.length),
  type,
  title,
  dueDate,
  priority,
  createdAt: CreatedAt,
  version: Version,
});
