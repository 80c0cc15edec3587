import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config } from '../../config/config.js';
import { requestContext } from '../request-context.js';

interface Consumption {
  CapacityUnits?: number;
}

/**
 * The document client. Without the two time limits the SDK waits for ever on a server that never answers
 * (measured); with three tries in standard mode a request that is not answered ends within four times the
 * request timeout. An endpoint other than AWS is a local one and takes any credentials. (The checksums that S3's client
 * must be told to leave out, `WHEN_REQUIRED`, are unknown to this one.)
 */
export function createDynamoDbClient(config: Config): DynamoDBDocumentClient {
  const local = config.table.endpoint === undefined ? {} : LOCAL_ACCESS;
  const client = new DynamoDBClient({
    region: config.aws.region,
    ...(config.table.endpoint === undefined ? {} : { endpoint: config.table.endpoint }),
    ...local,
    maxAttempts: 3,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: config.aws.connectionTimeoutMs,
      requestTimeout: config.aws.requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  });
  countConsumption(client);
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
}

const LOCAL_ACCESS = { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Adds what each request costs to the context of the request that made it. */
function countConsumption(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (attempt) => {
      const context = requestContext.current();
      if (context) context.dynamodb.roundTrips += 1;
      return next(attempt);
    },
    { step: 'deserialize', name: 'countRoundTrips', priority: 'low' },
  );
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (command) => {
        const result = await next({
          ...command,
          input: { ...command.input, ReturnConsumedCapacity: 'TOTAL' },
        });
        const context = requestContext.current();
        const consumed = (result.output as { ConsumedCapacity?: Consumption | Consumption[] })
          .ConsumedCapacity;
        if (context && consumed) {
          const units = [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
          const kind = /^(Get|BatchGet|Query|TransactGet)/.test(commandName) ? 'readUnits' : 'writeUnits';
          context.dynamodb[kind] += units;
        }
        return result;
      },
    { step: 'initialize', name: 'countUnits' },
  );
}
