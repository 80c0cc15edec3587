import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';
import { LazyModules } from '../../platform/lazy-modules.js';
import { JsonLogger } from '../../platform/logger.js';

type Reaction = (userId: string, timezone: string) => Promise<void>;

/** Tells those who wait for somebody's midnight that it comes at another instant now. */
@Injectable()
export class TimezoneChanges extends Contributions<Reaction> {
  constructor(
    modules: LazyModules,
    private readonly logger: JsonLogger,
  ) {
    super(modules);
  }

  register(name: string, reaction: Reaction): void {
    this.add(name, reaction);
  }

  /** The preference stands whatever comes of it; who could not react learns it when the old instant has come. */
  async announce(userId: string, timezone: string): Promise<void> {
    for (const reaction of await this.all()) {
      await reaction(userId, timezone).catch((error: Error) => {
        this.logger.write('warn', { message: `A time zone was not followed: ${error.message}`, userId });
      });
    }
  }
}
