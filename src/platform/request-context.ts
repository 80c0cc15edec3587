import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

export interface IdReservation {
  /** A UUID that stays the same however often the request is run again. */
  readonly seed: string;
  /** When the first run began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** How many ids were taken in this run. */
  taken: number;
}

/** What travels with a request beside its arguments. */
export class RequestContext {
  /** DynamoDB requests on the wire (retries included) and the units they consumed. */
  readonly dynamodb = { roundTrips: 0, readUnits: 0, writeUnits: 0 };
  userId: string | undefined;
  /** Set while an Idempotency-Key is honoured: the ids of this request follow from it. */
  reservation: IdReservation | undefined;
  private readonly endsAt: number;
  private signal: AbortSignal | undefined;

  /**
   * @param target path and query as the client sent them
   * @param milliseconds how long the answer may take
   */
  constructor(
    readonly requestId: string,
    readonly target: string,
    milliseconds: number,
  ) {
    this.endsAt = performance.now() + milliseconds;
  }

  get remainingMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  /** Aborts what is still waiting for AWS when the time for the answer is over. */
  get deadline(): AbortSignal {
    if (!this.signal) {
      this.signal = AbortSignal.timeout(Math.ceil(this.remainingMs));
      // A report asks for many things at once, and each listens.
      setMaxListeners(0, this.signal);
    }
    return this.signal;
  }
}

const storage = new AsyncLocalStorage<RequestContext>();

export const requestContext = {
  run: <T>(context: RequestContext, work: () => T): T => storage.run(context, work),
  /** Undefined outside a request, as in a worker or at start. */
  current: (): RequestContext | undefined => storage.getStore(),
  /** Milliseconds left for the answer; as many as one likes outside a request. */
  remainingMs: (): number => storage.getStore()?.remainingMs ?? Number.POSITIVE_INFINITY,
};
