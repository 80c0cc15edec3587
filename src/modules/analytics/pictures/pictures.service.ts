import { Injectable } from '@nestjs/common';
import { Document } from '../../../http/envelope/document.js';
import { ApiError } from '../../../http/errors/api-error.js';
import { xmlText } from '../../../platform/xml-text.js';
import { SettingsService } from '../../portfolio/settings/settings.service.js';
import { PICTURE_NOT_FOUND } from '../analytics.errors.js';
import type { ContentType } from '../counting/counter.js';
import type { BadgeQuery } from '../dto/analytics.dto.js';
import { TrendsService } from '../reports/trends.service.js';
import { ViewsService } from '../views/views.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { lineChart, numberOf } from './line-chart.js';

const CHART_DAYS = 30;
/** Looked at by itself, a picture does nothing but be seen. */
const POLICY = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Numbers to look at, for whatever page shows them; the owner decides whether there are any. */
@Injectable()
export class PicturesService {
  constructor(
    private readonly settings: SettingsService,
    private readonly visitors: VisitorsService,
    private readonly views: ViewsService,
    private readonly trends: TrendsService,
  ) {}

  async visitorsBadge(query: BadgeQuery): Promise<Document> {
    await this.assertShown('badges');
    return badge('visitors', (await this.visitors.count()).count, query);
  }

  async viewsBadge(contentType: ContentType, contentId: string, query: BadgeQuery): Promise<Document> {
    await this.assertShown('badges');
    return badge('views', (await this.views.ofContent(contentType, contentId)).views, query);
  }

  async visitorsChart(): Promise<Document> {
    await this.assertShown('chart');
    const days = await this.trends.daily(CHART_DAYS);
    const points = days.map(({ date, visitors }) => ({ label: shortDate(date), value: visitors }));
    return picture(lineChart(`Visitors, last ${CHART_DAYS} days`, points));
  }

  private async assertShown(what: 'badges' | 'chart'): Promise<void> {
    if (!(await this.settings.get())[what]) throw new ApiError(PICTURE_NOT_FOUND);
  }
}

const picture = (svg: string) =>
  new Document('image/svg+xml; charset=utf-8', Buffer.from(svg), undefined, POLICY);

async function badge(
  what: string,
  count: number,
  { label = what, color = 'blue' }: BadgeQuery,
): Promise<Document> {
  const { makeBadge } = await import('./badge.late.js');
  return picture(makeBadge({ label: xmlText(label), message: numberOf(count), color }));
}

/** Like `7 Nov`. */
const shortDate = (date: string): string =>
  `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`;
