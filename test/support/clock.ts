import { Clock } from '../../src/platform/clock.js';

/** Stands still until it is moved. */
export class TestClock extends Clock {
  constructor(private time = Date.now()) {
    super();
  }

  override now(): Date {
    return new Date(this.time);
  }

  forward({ seconds }: { seconds: number }): void {
    this.time += seconds * 1000;
  }

  set(iso: string): void {
    this.time = Date.parse(iso);
  }
}
