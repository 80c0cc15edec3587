import type { Type } from '@nestjs/common';
import type { CurrentUser, Role } from '../../../http/access/access.decorators.js';
import { ApiError, type ErrorDefinition } from '../../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../../http/errors/common.errors.js';
import { check } from '../../../http/validation/check.js';
import { UUID } from '../../../http/validation/id.pipe.js';
import { validationCodeOf } from '../../../http/validation/validation.decorators.js';
import type { ToolDescription } from '../../../platform/ai/model.js';
import type { SeenVersions } from '../../../platform/dynamodb/faults.js';

/** What a model wrote, parsed; nothing of it is checked but that the tool takes such names. */
export type Arguments = Readonly<Record<string, unknown>>;

export type Caller = Pick<CurrentUser, 'id' | 'role'>;

export interface Outcome {
  /** For the model. */
  readonly result: object;
  /** For the user: what was done. */
  readonly summary: string;
  /** What was made or changed, as a path of this API. */
  readonly resource?: string;
}

interface Common extends ToolDescription {
  /** The least role that has it; everybody without it. */
  readonly role?: Role;
}

/** Something that is done at once, with the caller's own rights. */
export interface DirectTool extends Common {
  run(caller: Caller, given: Arguments): Promise<Outcome>;
}

/** Something that deletes or publishes: it waits for the user to confirm it. */
export interface GuardedTool extends Common {
  /** What would be done, and to which version of what. @throws {ApiError} when it cannot be */
  propose(caller: Caller, given: Arguments): Promise<{ readonly summary: string; readonly version: number }>;
  carryOut(caller: Caller, given: Arguments, versions: SeenVersions): Promise<Outcome>;
  /** With which `propose` fails once it is done. */
  readonly doneCode: string;
}

export type Tool = DirectTool | GuardedTool;

export const isGuarded = (tool: Tool): tool is GuardedTool => 'propose' in tool;

/** Tools of one module. */
export interface ToolSet {
  readonly tools: readonly Tool[];
}

/** @throws {ApiError} with every fault, as the route that takes this DTO has it */
export async function argumentsAs<T extends object>(dtoClass: Type<T>, given: Arguments): Promise<T> {
  const { dto, details } = await check(dtoClass, given);
  if (details.length > 0) throw new ApiError(validationCodeOf(dtoClass) ?? VALIDATION_ERROR, { details });
  return dto;
}

/** An id that names something, if it is one at all. @throws {ApiError} */
export function idIn({ id }: Arguments, notFound: ErrorDefinition): string {
  if (typeof id !== 'string' || !UUID.test(id)) throw new ApiError(notFound);
  return id;
}
