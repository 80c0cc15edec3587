import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

export const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-north-1' }));

const app = new Hono();
app.get('/health', (context) => context.json({ success: true, data: { status: 'ok' } }));

export const handler = handle(app);
