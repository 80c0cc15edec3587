import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { ServiceUnavailable } from '../../../platform/faults.js';
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

  /** @param origin of the page that tells of the visit */
  async track(
    body: TrackVisitorDto,
    visit: Visit,
    origin: string | undefined,
  ): Promise<TrackedVisitorResponse> {
    const hit = await this.hits.record(VISITORS, visit, body.sessionId);
    if (hit.tracked) await this.countSources(body, origin);
    return hit;
  }

  count(): Promise<VisitorCountResponse> {
    return this.hits.countWithToday(VISITORS);
  }

  /** The visit is counted by now; that must not fail for what is told beside it. */
  private async countSources({ path, referrer }: TrackVisitorDto, origin: string | undefined): Promise<void> {
    const date = this.clock.now().toISOString().slice(0, 10);
    const host = referrer ? hostOf(referrer, origin) : undefined;
    try {
      await Promise.all([
        path !== undefined && this.sources.count('PATHS', date, pathOf(path)),
        host !== undefined && this.sources.count('REFERRERS', date, host),
      ]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailable)) throw error;
      this.logger.write('warn', { message: 'Where a visit came from was not counted', cause: error.name });
    }
  }
}
