import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { JsonLogger } from '../../../platform/logger.js';
import { siteCounter } from '../counting/counter.js';
import { HitsService } from '../counting/hits.service.js';
import type { Visit } from '../counting/visit.js';
import type { TrackedVisitorResponse, TrackVisitorDto, VisitorCountResponse } from '../dto/analytics.dto.js';
import { hostOf, pathOf } from './sources.js';
import { SourcesRepository } from './sources.repository.js';

const VISITORS = siteCounter('VISITORS');

@Injectable()
export class VisitorsService {
  constructor(
    private readonly hits: HitsService,
    private readonly sources: SourcesRepository,
    private readonly logger: JsonLogger,
    private readonly clock: Clock,
  ) {}

  async track(body: TrackVisitorDto, visit: Visit): Promise<TrackedVisitorResponse> {
    const date = this.clock.today();
    const hit = await this.hits.record(date, VISITORS, visit, body.sessionId);
    if (hit.tracked) await this.countSources(date, body, visit.origin);
    return hit;
  }

  count(): Promise<VisitorCountResponse> {
    return this.hits.countWithToday(VISITORS);
  }

  /** The visit is counted by now; that must not fail for what is told beside it. */
  private async countSources(
    date: string,
    { path, referrer }: TrackVisitorDto,
    origin: string | undefined,
  ): Promise<void> {
    const host = referrer ? hostOf(referrer, origin) : undefined;
    try {
      await Promise.all([
        path && this.sources.count('PATHS', date, pathOf(path)),
        host && this.sources.count('REFERRERS', date, host),
      ]);
    } catch (error) {
      const { name, message } = error as Error;
      this.logger.write('warn', {
        message: `Where a visit came from was not counted: ${message}`,
        cause: name,
      });
    }
  }
}
