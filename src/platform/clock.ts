/** The one source of "now"; tests put their own in its place. */
export abstract class Clock {
  abstract now(): Date;

  /** The calendar date in UTC. */
  today(): string {
    return this.now().toISOString().slice(0, 10);
  }

  /** Whole seconds since the epoch: DynamoDB's TTL and JWT's NumericDate. */
  seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
