import { Injectable } from '@nestjs/common';
import { JsonLogger } from '../../platform/logger.js';

type Reaction = (userId: string, timezone: string) => Promise<void>;

/** Tells those who wait for somebody's midnight that it comes at another instant now. */
@Injectable()
export class TimezoneChanges {
  private readonly reactions: Reaction[] = [];

  constructor(private readonly logger: JsonLogger) {}

  register(reaction: Reaction): void {
    this.reactions.push(reaction);
  }

  /** The preference stands whatever comes of it; who could not react learns it when the old instant has come. */
  async announce(userId: string, timezone: string): Promise<void> {
    for (const reaction of this.reactions) {
      await reaction(userId, timezone).catch((error: Error) => {
        this.logger.write('warn', { message: `A time zone was not followed: ${error.message}`, userId });
      });
    }
  }
}
