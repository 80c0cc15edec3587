import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

export interface IdReservation {
  /** A UUID that stays the same however often the request is run again. */
  readonly seed: string;
  /** When the first run began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** How many ids were taken in this run. */
  taken: number;
  /** Whether a run before this one may have done something. */
  readonly resumed: boolean;
}

/** What travels with a request beside its arguments. */
export class RequestContext {
  /** DynamoDB requests on the wire (retries included) and the units they consumed. */
  readonly dynamodb = { roundTrips: 0, readUnits: 0, writeUnits: 0 };
  userId: string | undefined;
  /** Set while an Idempotency-Key is honoured: the ids of this request follow from it. */
  reservation: IdReservation | undefined;
  private endsAt: number;
  private signal: AbortSignal | undefined;

  /**
   * @param target path and query as the client sent them
   * @param milliseconds how long the answer may take
   * @param beganAt as `performance.now()` counts
   */
  constructor(
    readonly requestId: string,
    readonly target: string,
    milliseconds: number,
    private readonly beganAt = performance.now(),
  ) {
    this.endsAt = this.beganAt + milliseconds;
  }

  /** Milliseconds that the answer may take, counted from the beginning. */
  get allowedMs(): number {
    return this.endsAt - this.beganAt;
  }

  /** Lets the answer take another time, counted from the beginning. Nothing may be under way. */
  allow(milliseconds: number): void {
    this.endsAt = this.beganAt + milliseconds;
    this.signal = undefined;
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
const open = new Set<RequestContext>();

export const requestContext = {
  run: <T>(context: RequestContext, work: () => T): T => storage.run(context, work),
  /** Undefined outside a request, as in a worker or at start. */
  current: (): RequestContext | undefined => storage.getStore(),
  /** Every request that is not answered yet. */
  open: (): readonly RequestContext[] => [...open],
  opened: (context: RequestContext): void => void open.add(context),
  closed: (context: RequestContext): void => void open.delete(context),
  /** Milliseconds left for the answer; as many as one likes outside a request. */
  remainingMs: (): number => storage.getStore()?.remainingMs ?? Number.POSITIVE_INFINITY,
  /**
   * Does one part of a request so that a repetition meets what it made, as under an Idempotency-Key of its own.
   * Nothing else may be under way.
   */
  reserving: async <T>(seed: string, startedAt: number, work: () => Promise<T>): Promise<T> => {
    const context = storage.getStore();
    if (!context) return work();
    const outer = context.reservation;
    context.reservation = { seed, startedAt, taken: 0, resumed: true };
    try {
      return await work();
    } finally {
      context.reservation = outer;
    }
  },
};
