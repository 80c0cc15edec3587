// What a poll for the number of unread notifications reads when 10,000 are unread.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { gatewayEvent } from '../scripts/lambda-sandbox.mjs';
import { bundleEnvironment, say } from './measure.mjs';

const UNREAD = 10_000;

/** @returns read units of one poll */
export async function measurePolls({ node, ...context }) {
  const { apiDirectory, environment, secrets } = context;
  const { token } = secrets;
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: environment.DYNAMODB_ENDPOINT, region: 'eu-north-1', credentials }),
  );
  const now = new Date().toISOString();
  const rows = Array.from({ length: UNREAD }, (_, number) => {
    const id = `0198c0de-0000-7000-8000-${String(number).padStart(12, '0')}`;
    return {
      PK: `USER#${sub}`,
      SK: `NOTIF#${id}`,
      GSI1PK: `USER#${sub}#UNREAD`,
      GSI1SK: id,
      EntityType: 'NOTIFICATION',
      kind: 'questDue',
      title: `Task ${number} is due`,
      body: 'x'.repeat(300),
      link: '/quests',
      CreatedAt: now,
      UpdatedAt: now,
      Version: 1,
      WriteTokens: ['x'],
    };
  });
  for (let from = 0; from < rows.length; from += 25) {
    const puts = rows.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { 'hearth-development': puts } }));
  }
  const event = gatewayEvent('GET', '/v1/notifications/unread-count', { token });
  const line = logLineOf(
    node,
    join(apiDirectory, 'dist/lambda.js'),
    bundleEnvironment(context, 'info'),
    event,
  );
  say(
    `\n\`unread-count\` of ${UNREAD} unread reads ${line.readUnits} units in ${line.roundTrips} round trip(s)`,
  );
  return { pollUnits: line.readUnits };
}

/** What the function logs of a request, in a process of its own. */
function logLineOf(node, bundle, env, event) {
  const args = ['--no-warnings', 'bench/init-child.cjs', bundle, JSON.stringify(event)];
  const { stdout } = spawnSync(node, args, { env, encoding: 'utf8', timeout: 20_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
