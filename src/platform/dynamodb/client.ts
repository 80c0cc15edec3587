import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Config } from '../../config/config.js';
import { clientOptions } from '../aws-client.js';
import { requestContext } from '../request-context.js';

interface Consumption {
  CapacityUnits?: number;
}

/** The document client. (The checksums that S3's client must be told to leave out are unknown to this one.) */
export function createDynamoDbClient(config: Config): DynamoDBDocumentClient {
  const client = new DynamoDBClient(clientOptions(config, config.table.endpoint, config.table));
  countConsumption(client);
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
}

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
