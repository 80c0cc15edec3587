import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@smithy/core/client';
import { requestContext } from '../../src/platform/request-context.js';
import { Secrets } from '../../src/platform/secrets/secrets.js';
import type { TaskName } from '../../src/workers/tasks.js';
import { assertWithinLimits } from './dynamodb-limits.js';
import { sharedDirectory } from './environment.js';

/** By function: what it asks AWS for, as `action on resource` in the words of infra/roles.cjs. */
export type Calls = Readonly<Record<string, readonly string[]>>;

export const RECORD = 'infra/aws-calls.json';
export const recordedCalls = (): Calls => JSON.parse(readFileSync(RECORD, 'utf8')) as Calls;

const FUNCTION_OF: Readonly<Record<TaskName, string>> = {
  sweep: 'sweeper',
  sweepImages: 'imageSweeper',
  makeDueTasks: 'recurrence',
  notify: 'notifications',
  publishPosts: 'publishing',
  foldDays: 'analytics',
};

const acting = new AsyncLocalStorage<string>();
/** Does something as a function of the deployment that no request leads to. */
export const actingAs = <T>(name: TaskName | 'rotateKeys', work: () => T): T =>
  acting.run(name === 'rotateKeys' ? name : FUNCTION_OF[name], work);

function functionNow(): string | undefined {
  const target = requestContext.current()?.target;
  if (target === undefined) return acting.getStore();
  return target.startsWith('/v1/images/upload-complete') ? 'images' : 'api';
}

interface Input {
  readonly IndexName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, unknown>>[];
  readonly Key?: string | object;
  readonly CopySource?: string;
  readonly Delete?: { readonly Objects: readonly { readonly Key: string }[] };
  readonly SecretId?: string;
  readonly UserPoolId?: string;
}

const folder = (key: string) => key.split('/')[0] ?? '';
const camelCase = (name: string) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What IAM asks for when a command is sent, or signed for somebody else. An object that is missing is a 404 only to those who may list. */
function neededFor(command: string, input: Input): readonly string[] {
  const key = typeof input.Key === 'string' ? folder(input.Key) : '';
  switch (command) {
    case 'TransactWriteItems':
      return (input.TransactItems ?? []).map((item) => {
        const kind = Object.keys(item).find((name) => item[name] !== undefined);
        return `dynamodb:${kind}Item on table`;
      });
    case 'Query':
      return [`dynamodb:Query on ${input.IndexName === undefined ? 'table' : 'indexes'}`];
    case 'GetItem':
    case 'BatchGetItem':
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [`dynamodb:${command} on table`];
    case 'GetObject':
    case 'HeadObject':
      return [`s3:GetObject on ${key}`, 's3:ListBucket on bucket'];
    case 'PutObject':
      return [`s3:PutObject on ${key}`];
    case 'CopyObject':
      return [
        `s3:GetObject on ${folder(input.CopySource?.split('/').slice(1).join('/') ?? '')}`,
        `s3:PutObject on ${key}`,
      ];
    case 'DeleteObjects':
      return (input.Delete?.Objects ?? []).map(({ Key }) => `s3:DeleteObject on ${folder(Key)}`);
    case 'HeadBucket':
    case 'ListObjectsV2':
      return ['s3:ListBucket on bucket'];
    case 'SendEmail':
      return ['ses:SendEmail on mail'];
    case 'GetSecretValue':
    case 'PutSecretValue':
    case 'DescribeSecret':
    case 'UpdateSecretVersionStage': {
      const name = input.SecretId?.split('/').at(-1) ?? '';
      return [`secretsmanager:${command} on ${camelCase(name)}`];
    }
    default:
      // What names a pool is for administrators; the rest of Cognito's is for anybody, and IAM is not asked.
      return input.UserPoolId === undefined ? [] : [`cognito-idp:${command} on userPool`];
  }
}

const seen = new Set<string>();

function take(command: string, input: Input, recorded: Calls | undefined): void {
  const name = functionNow();
  if (name === undefined) return;
  for (const needed of neededFor(command, input)) {
    const line = `${name} ${needed}`;
    if (seen.has(line)) continue;
    if (recorded && !recorded[name]?.includes(needed))
      throw new Error(`${name} calls ${needed}, which ${RECORD} does not know: npm run record-calls`);
    seen.add(line);
    const directory = join(sharedDirectory, 'calls');
    mkdirSync(directory, { recursive: true });
    appendFileSync(join(directory, `${process.pid}.txt`), `${line}\n`);
  }
}

let watching = false;

/**
 * From now on every call to AWS is held against what is recorded, as IAM would hold it against the function's role, which
 * is made of that record (test/deployment/template.spec.ts). With HEARTH_RECORD_CALLS it is only noted.
 */
export function watchCalls(): void {
  if (watching) return;
  watching = true;
  const recorded = process.env['HEARTH_RECORD_CALLS'] === undefined ? recordedCalls() : undefined;
  const prototype = Command.prototype as unknown as {
    resolveMiddlewareWithContext: (...given: unknown[]) => unknown;
    input: Input;
  };
  // Secrets come from files in tests, and are remembered for longer than a function on AWS may live: each use counts.
  const { read } = Secrets.prototype;
  Secrets.prototype.read = function readWatched(this: Secrets, name, create) {
    take('GetSecretValue', { SecretId: name }, recorded);
    return read.call(this, name, create) as ReturnType<typeof create>;
  };
  const original = prototype.resolveMiddlewareWithContext;
  prototype.resolveMiddlewareWithContext = function resolve(this: Command<object, object, object>, ...given) {
    take(this.constructor.name.replace(/Command\$?\d*$/, ''), this.input, recorded);
    assertWithinLimits(this.input);
    return original.apply(this, given);
  };
}
