import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { Contents } from '../contents.js';
import { type ContentType, viewsOf } from '../counting/counter.js';
import { HitsService } from '../counting/hits.service.js';
import type { Visit } from '../counting/visit.js';
import type { ContentViewsResponse, TrackedViewResponse, TrackViewDto } from '../dto/analytics.dto.js';

@Injectable()
export class ViewsService {
  constructor(
    private readonly hits: HitsService,
    private readonly contents: Contents,
    private readonly clock: Clock,
  ) {}

  async track(
    { contentType, contentId, sessionId }: TrackViewDto,
    visit: Visit,
  ): Promise<TrackedViewResponse> {
    await this.contents.assertPublished(contentType, contentId);
    const { count, ...hit } = await this.hits.record(
      this.clock.today(),
      viewsOf(contentType, contentId),
      visit,
      sessionId,
    );
    return { views: count, ...hit };
  }

  async ofContent(contentType: ContentType, contentId: string): Promise<ContentViewsResponse> {
    const [views] = await Promise.all([
      this.hits.countOf(viewsOf(contentType, contentId)),
      this.contents.assertPublished(contentType, contentId),
    ]);
    return { contentId, contentType, views };
  }
}
