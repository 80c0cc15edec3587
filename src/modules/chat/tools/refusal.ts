import { ApiError } from '../../../http/errors/api-error.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Contended, StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { ActionError } from '../actions/action.js';
import { BadCall } from './tool-box.js';

const LONGEST = 500;

/** What can be told of why something was not done; undefined where the fault is ours. */
export function refusalOf(error: unknown): ActionError | undefined {
  if (error instanceof StaleVersion)
    return { code: PRECONDITION_FAILED.code, message: 'It has changed since it was looked at.' };
  if (error instanceof Contended) return { code: WRITE_CONFLICT.code, message: WRITE_CONFLICT.message };
  if (error instanceof BadCall) return { code: error.code, message: error.message };
  if (!(error instanceof ApiError) || error.statusCode >= 500) return undefined;
  const details = (error.details ?? []).map(({ message }) => message);
  const message = [error.message, ...details].join(' ').slice(0, LONGEST).toWellFormed();
  return { code: error.code, message };
}
