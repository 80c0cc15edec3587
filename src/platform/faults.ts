import { types } from 'node:util';

/** AWS did not answer, or not in time: nobody's fault here, and worth another try. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';

  constructor(override readonly cause: unknown) {
    super('A service this API depends on does not answer');
  }
}

/** Refused when it was sent again, after its first try may have been done: nobody knows. */
export class PerhapsDone extends ServiceUnavailable {}

/** Waits for a change, then does what must follow it, also where nobody knows whether it was made. @throws what the change does */
export async function followed<T>(change: Promise<unknown>, follow: () => Promise<T>): Promise<T> {
  try {
    await change;
  } catch (error) {
    if (error instanceof PerhapsDone) await follow();
    throw error;
  }
  return follow();
}

const PASSING = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'Throttling',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionInProgressException',
  'AbortError',
  'TimeoutError',
]);

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/**
 * Whether an error of the SDK says that the service (or the way to it) failed, not the request: it is one that
 * passes, or the request went out (it has metadata) and came back with no refusal (a 4xx) that could be read.
 */
export function isOutage(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { name, $metadata } = error as SdkError;
  if (PASSING.has(name)) return true;
  const { httpStatusCode = 0 } = $metadata ?? {};
  return $metadata !== undefined && !(httpStatusCode >= 400 && httpStatusCode < 500);
}

/** Whether the SDK sent the request more than once before it gave this error. */
export function wasRetried(error: unknown): boolean {
  return ((error as SdkError).$metadata?.attempts ?? 1) > 1;
}
