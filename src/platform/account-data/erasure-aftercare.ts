import { Injectable } from '@nestjs/common';
import { JsonLogger } from '../logger.js';

/** What a process does once somebody's data is deleted, so that no trace of it is left where it ran. */
@Injectable()
export class ErasureAftercare {
  private readonly works: (() => Promise<void>)[] = [];

  constructor(private readonly logger: JsonLogger) {}

  add(work: () => Promise<void>): void {
    this.works.push(work);
  }

  /** Nobody waits for it; what fails is in the log. */
  begin(): void {
    for (const work of this.works) work().catch((error: unknown) => this.logger.error(error));
  }
}
