// A handler with nothing around it but the AWS SDK: the least that a function on DynamoDB can be.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-north-1' }));

export async function handler(event) {
  const found = event.rawPath === '/health';
  return {
    statusCode: found ? 200 : 404,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ success: found, data: { status: 'ok' } }),
  };
}
