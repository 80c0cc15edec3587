import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../clock.js';
import { requestContext } from '../request-context.js';
import { isOutage, ServiceUnavailable } from '../faults.js';
import { ConditionFailed } from './faults.js';
import type { Item } from './item.js';

export const DYNAMODB = Symbol('DynamoDBDocumentClient');

/** How often what collides, or comes back undone, is tried again: twenty who write one item at once all find a gap. */
export const CONFLICT_TRIES = 20;
/** Twenty on a busy machine, each of whose writes takes 20 ms, need a window that is wider than all of them together. */
const LONGEST_BACK_OFF_MS = 1000;

/** Sends to the one table: within the request's deadline, again where two writes collide, faults in our own terms. */
@Injectable()
export class Connection {
  readonly tableName: string;

  constructor(
    @Inject(DYNAMODB) readonly client: DynamoDBDocumentClient,
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
  ) {
    this.tableName = config.table.name;
  }

  /** The item, unless it has expired: TTL deletion lags by days. */
  alive(item: Item | undefined): Item | undefined {
    return item?.ExpiresAt !== undefined && item.ExpiresAt <= this.clock.seconds() ? undefined : item;
  }

  /** Sends within the request's deadline; two writes that collide on real DynamoDB are tried again with jitter. */
  async send<T>(request: (options: { abortSignal?: AbortSignal }) => Promise<T>): Promise<T> {
    const context = requestContext.current();
    const options = context ? { abortSignal: context.deadline } : {};
    for (let round = 1; ; round += 1) {
      try {
        return await request(options);
      } catch (error) {
        if (isConflict(error) && round < CONFLICT_TRIES) {
          await this.backOff(round);
          continue;
        }
        if (isConditionFailure(error)) {
          throw new ConditionFailed(error.Item && unmarshall(error.Item), error);
        }
        if (isConflict(error) || isOutage(error)) throw new ServiceUnavailable(error);
        throw error;
      }
    }
  }

  /** Full jitter, at most 25 ms doubled per round, and one second. */
  async backOff(round: number): Promise<void> {
    const { deadline } = requestContext.current() ?? {};
    try {
      const most = Math.min(25 * 2 ** round, LONGEST_BACK_OFF_MS);
      await pause(Math.random() * most, undefined, deadline ? { signal: deadline } : {});
    } catch (error) {
      throw new ServiceUnavailable(error);
    }
  }
}

export function isCancelled(error: unknown): error is TransactionCanceledException {
  return error instanceof Error && error.name === 'TransactionCanceledException';
}

function isConditionFailure(error: unknown): error is Error & { Item?: Parameters<typeof unmarshall>[0] } {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

const COLLISIONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** A transaction that is still in progress is asked for again by its own token, which tells what came of it. */
const CONFLICTS = new Set(['TransactionConflictException', 'TransactionInProgressException']);

function isConflict(error: unknown): boolean {
  if (isCancelled(error)) {
    const failed = (error.CancellationReasons ?? []).filter(
      ({ Code }) => Code !== undefined && Code !== 'None',
    );
    return failed.length > 0 && failed.every(({ Code }) => COLLISIONS.has(Code ?? ''));
  }
  return error instanceof Error && CONFLICTS.has(error.name);
}
