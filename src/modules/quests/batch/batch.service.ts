import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../../http/errors/api-error.js';
import { PRECONDITION_FAILED } from '../../../http/errors/common.errors.js';
import { UUID } from '../../../http/validation/id.pipe.js';
import { StaleVersion, untilCurrent } from '../../../platform/dynamodb/faults.js';
import { counting, type ItemLimit } from '../../../platform/dynamodb/limited-items.js';
import type { Write } from '../../../platform/dynamodb/table.js';
import { grouped } from '../../../platform/grouped.js';
import { fieldsOf } from '../dto/quest.dto.js';
import { asResponse } from '../dto/quest-response.dto.js';
import { type PlannedChange, QuestChanges } from '../quest-changes.service.js';
import { BATCH_FAILED, QUEST_NOT_FOUND, QUEST_VALIDATION_ERROR } from '../quests.errors.js';
import { QuestsRepository } from '../quests.repository.js';
import { BatchesRepository } from './batches.repository.js';
import type { BatchResult, Operation, UpdateOperation } from './dto/batch.dto.js';

/** As many as DynamoDB takes in one transaction. */
const LARGEST_TRANSACTION = 100;

/** An operation that cannot be done, and which it is. */
class OperationFailed extends Error {
  constructor(
    readonly position: number,
    readonly reason: ApiError,
  ) {
    super(reason.message);
  }
}

/** Several changes of quests as one transaction. */
@Injectable()
export class BatchService {
  constructor(
    private readonly changes: QuestChanges,
    private readonly quests: QuestsRepository,
    private readonly batches: BatchesRepository,
  ) {}

  /** @throws {ApiError} BATCH_FAILED with every operation that cannot be done; nothing is done then */
  async run(userId: string, operations: readonly Operation[]): Promise<BatchResult[]> {
    assertDistinct(operations);
    const done = await this.doneBefore(userId, operations);
    if (done) return done;
    try {
      return await this.runOnce(userId, operations);
    } catch (error) {
      // The run before may still have been at it.
      const since = await this.doneBefore(userId, operations);
      if (since) return since;
      throw error;
    }
  }

  private runOnce(userId: string, operations: readonly Operation[]): Promise<BatchResult[]> {
    return untilCurrent(async () => {
      const planned = await this.planAll(userId, operations);
      const ids = planned.map(({ quest }) => quest.id);
      const writes = [...together(planned), ...this.batches.done(userId, ids)];
      if (writes.length > LARGEST_TRANSACTION)
        throw new ApiError(BATCH_FAILED, { message: 'Together these operations write too much.' });
      try {
        await this.quests.commit(writes);
      } catch (error) {
        throw error instanceof OperationFailed ? failed([error]) : error;
      }
      return planned.map(({ quest, next }, position): BatchResult => {
        const { op } = operations[position] as Operation;
        return op === 'delete' ? { op, id: quest.id } : { op, id: quest.id, quest: asResponse(quest, next) };
      });
    });
  }

  /** The answer to what an earlier run has done, if one has; a quest that has gone since is not shown. */
  private async doneBefore(
    userId: string,
    operations: readonly Operation[],
  ): Promise<BatchResult[] | undefined> {
    const ids = await this.batches.findDone(userId);
    if (!ids) return undefined;
    return Promise.all(
      operations.map(async ({ op }, position): Promise<BatchResult> => {
        const id = ids[position] as string;
        const quest = op === 'delete' ? undefined : await this.quests.findAny(userId, id);
        return { op, id, ...(quest && { quest: asResponse(quest) }) };
      }),
    );
  }

  private async planAll(userId: string, operations: readonly Operation[]): Promise<PlannedChange[]> {
    const outcomes = await Promise.all(
      operations.map(async (operation, position) => {
        try {
          return await this.plan(userId, operation);
        } catch (error) {
          if (error instanceof ApiError) return new OperationFailed(position, error);
          throw error;
        }
      }),
    );
    const failures = outcomes.filter((outcome) => outcome instanceof OperationFailed);
    if (failures.length > 0) throw failed(failures);
    return outcomes as PlannedChange[];
  }

  /** @throws {ApiError} PRECONDITION_FAILED when another version is stored than the client has seen */
  private async change(userId: string, id: string, operation: UpdateOperation): Promise<PlannedChange> {
    const { type, version } = operation;
    try {
      return await this.changes.change(
        userId,
        type,
        id,
        operation,
        version === undefined ? undefined : [version],
      );
    } catch (error) {
      throw error instanceof StaleVersion ? new ApiError(PRECONDITION_FAILED) : error;
    }
  }

  private async plan(userId: string, operation: Operation): Promise<PlannedChange> {
    if (operation.op === 'create') return this.changes.creation(userId, operation.type, fieldsOf(operation));
    const { id } = operation;
    if (!UUID.test(id)) throw new ApiError(QUEST_NOT_FOUND);
    switch (operation.op) {
      case 'update':
        return this.change(userId, id, operation);
      case 'complete':
        return this.changes.completion(userId, operation.type, id, operation.completedAt);
      case 'reopen':
        return this.changes.reopening(userId, operation.type, id);
      default:
        return this.changes.removal(userId, id);
    }
  }
}

/** A transaction takes each item once. */
function assertDistinct(operations: readonly Operation[]): void {
  const seen = new Set<string>();
  const details: ErrorDetail[] = [];
  for (const [position, operation] of operations.entries()) {
    if (operation.op === 'create') continue;
    const field = `operations[${position}].id`;
    if (seen.has(operation.id))
      details.push({ field, code: 'isUnique', message: `${field} stands in another operation` });
    seen.add(operation.id);
  }
  if (details.length > 0) throw new ApiError(QUEST_VALIDATION_ERROR, { details });
}

/** The writes of all, each failure by its operation. A goal that is proven or changed once needs no second proof. */
function together(planned: readonly PlannedChange[]): readonly Write[] {
  const writes: Write[] = [];
  const proofs = new Map<string, Write>();
  const changed = new Set<string>();
  const counted: Counted[] = [];
  for (const [position, change] of planned.entries()) {
    for (const write of change.writes) {
      const { PK, SK } = keyOf(write);
      const orElse: Write['orElse'] = (standing) => {
        const reason = write.orElse(standing);
        return reason instanceof ApiError ? new OperationFailed(position, reason) : reason;
      };
      if ('limit' in write) {
        counted.push({ position, limit: write.limit as ItemLimit });
        continue;
      }
      if ('check' in write) proofs.set(`${PK} ${SK}`, proofs.get(`${PK} ${SK}`) ?? { ...write, orElse });
      else {
        writes.push({ ...write, orElse });
        changed.add(`${PK} ${SK}`);
      }
    }
  }
  const needed = [...proofs].filter(([key]) => !changed.has(key)).map(([, write]) => write);
  return [...needed, ...writes, ...countedTogether(counted)];
}

interface Counted {
  readonly position: number;
  readonly limit: ItemLimit;
}

/** What several operations add to one goal is counted at once; the last of them is the one that is too many. */
function countedTogether(counted: readonly Counted[]): readonly Write[] {
  return [...grouped(counted, ({ limit }) => limit.key.SK)].map(([, some]) => {
    const [{ position, limit }] = some.slice(-1) as [Counted];
    const error = () => {
      const reason = limit.error();
      return reason instanceof ApiError ? new OperationFailed(position, reason) : reason;
    };
    return counting({ ...limit, error }, some.length);
  });
}

function keyOf(write: Write): { PK: string; SK: string } {
  if ('put' in write) return write.put;
  if ('replace' in write) return write.replace;
  if ('update' in write) return write.update;
  return 'remove' in write ? write.remove : write.check;
}

function failed(failures: readonly OperationFailed[]): ApiError {
  const details = failures.flatMap(({ position, reason }): ErrorDetail[] => {
    const field = `operations[${position}]`;
    const { code, message } = reason;
    return (
      reason.details?.map((detail) => ({ ...detail, field: `${field}.${detail.field}` })) ?? [
        { field, code, message },
      ]
    );
  });
  return new ApiError(BATCH_FAILED, { details });
}
