import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { grouped } from '../../../platform/grouped.js';
import { daysAfter } from '../../../platform/local-time.js';
import { Contents } from '../contents.js';
import {
  CONTENT_TYPES,
  type ContentType,
  type DayCount,
  groupOf,
  siteCounter,
  summed,
  sumWith,
  withOpen,
} from '../counting/counter.js';
import { CountersRepository } from '../counting/counters.repository.js';
import type {
  OverviewResponse,
  TopContentEntry,
  TopContentResponse,
  TypeViewsResponse,
} from '../dto/analytics.dto.js';
import { SourcesRepository } from '../visitors/sources.repository.js';
import { changeOf, datesBetween, numbersOf } from './trends.js';

type Views = ReadonlyMap<string, number>;

/** Of the content that was viewed most some may be gone; so much is looked up, that there is enough left to show. */
const LOOKED_UP = 100;
const TOP_IN_OVERVIEW = 5;
const SOURCES_IN_OVERVIEW = 10;

@Injectable()
export class ReportsService {
  constructor(
    private readonly counters: CountersRepository,
    private readonly sources: SourcesRepository,
    private readonly contents: Contents,
    private readonly clock: Clock,
  ) {}

  async ofType(contentType: ContentType): Promise<TypeViewsResponse> {
    const open = await this.counters.readOpen(this.clock.today());
    const views = await this.viewsOf(contentType, open);
    return { contentType, stats: Object.fromEntries(views) };
  }

  async totalViews(): Promise<{ totalViews: number }> {
    const [sum, open] = await Promise.all([
      this.counters.findTotal('VIEWS'),
      this.counters.readOpen(this.clock.today()),
    ]);
    const { name } = siteCounter('VIEWS');
    return {
      totalViews: sumWith(
        sum,
        summed(open).filter(({ counter }) => counter.name === name),
      ),
    };
  }

  async topContent(limit: number): Promise<TopContentResponse> {
    const open = await this.counters.readOpen(this.clock.today());
    return this.ranked(limit, (type) => this.viewsOf(type, open));
  }

  /** The last days, the one that has begun included, against as many before them. */
  async overview(days: number): Promise<OverviewResponse> {
    const today = this.clock.today();
    const from = daysAfter(today, 1 - days);
    const [site, contents, open, topReferrers, topPaths] = await Promise.all([
      this.counters.listSiteDays(daysAfter(from, -days), today),
      this.counters.listContentDays(from, today),
      this.counters.readOpen(today),
      this.sources.listTop('REFERRERS', from, today, SOURCES_IN_OVERVIEW),
      this.sources.listTop('PATHS', from, today, SOURCES_IN_OVERVIEW),
    ]);
    const ofSite = withOpen(site, open);
    const ofContents = withOpen(contents, open).filter(({ date }) => date >= from);
    const visitors = numbersOf(ofSite, 'VISITORS');
    const views = numbersOf(ofSite, 'VIEWS');
    const bots = numbersOf(ofSite, 'BOTS');
    const dates = datesBetween(from, today);
    const before = datesBetween(daysAfter(from, -days), daysAfter(from, -1));
    return {
      visitors: changeOf(visitors, dates, before),
      views: changeOf(views, dates, before),
      bots: changeOf(bots, dates, before),
      trend: dates.map((date) => ({
        date,
        visitors: visitors.get(date) ?? 0,
        views: views.get(date) ?? 0,
      })),
      topContent: await this.ranked(TOP_IN_OVERVIEW, (type) => viewsIn(ofContents, type)),
      topReferrers,
      topPaths,
    };
  }

  private async viewsOf(type: ContentType, open: readonly DayCount[]): Promise<Views> {
    const sums = await this.counters.listTotals(groupOf(type));
    const own = open.filter(({ counter }) => counter.group === groupOf(type));
    const openById = grouped(own, ({ counter }) => counter.name);
    const ids = [...new Set([...sums.keys(), ...openById.keys()])].sort();
    return new Map(ids.map((id) => [id, sumWith(sums.get(id), openById.get(id) ?? [])]));
  }

  private async ranked(
    limit: number,
    viewsOf: (type: ContentType) => Views | Promise<Views>,
  ): Promise<TopContentResponse> {
    const [blogs, projects, certifications] = (await Promise.all(
      CONTENT_TYPES.map(async (type) => this.titled(type, limit, await viewsOf(type))),
    )) as [TopContentEntry[], TopContentEntry[], TopContentEntry[]];
    return { blogs, projects, certifications };
  }

  /** What is gone has no title and is left out. */
  private async titled(type: ContentType, limit: number, views: Views): Promise<TopContentEntry[]> {
    const most = [...views]
      .sort(([one, ones], [other, others]) => others - ones || (one < other ? 1 : -1))
      .slice(0, LOOKED_UP);
    const titles = await this.contents.titlesOf(
      type,
      most.map(([id]) => id),
    );
    return most
      .flatMap(([contentId, count]) => {
        const title = titles.get(contentId);
        return title === undefined ? [] : [{ contentId, title, views: count }];
      })
      .slice(0, limit);
  }
}

function viewsIn(days: readonly DayCount[], type: ContentType): Views {
  const views = new Map<string, number>();
  for (const { counter, count } of days)
    if (counter.group === groupOf(type)) views.set(counter.name, (views.get(counter.name) ?? 0) + count);
  return views;
}
