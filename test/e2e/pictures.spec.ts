import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browsing, portfolioOf, strangers } from '../support/portfolio.js';
import { type Person, TestApp } from '../support/test-app.js';
import { parseXml, textsOf } from '../support/xml.js';

const CHART = '/v1/visitors/trend.svg';
const BADGE = '/v1/visitors/badge.svg';

describe('Pictures', () => {
  let app: TestApp;
  let owner: Person;
  let viewsBadge: string;
  let post: { id: string };
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    post = await portfolioOf(owner).post();
    viewsBadge = `/v1/analytics/views/blog/${post.id}/badge.svg`;
    const stranger = strangers(app.client);
    for (let each = 0; each < 3; each += 1) await stranger().post('/v1/visitors/track', {}, browsing());
    const view = { contentType: 'blog', contentId: post.id };
    await app.client.post('/v1/analytics/track', view, browsing());
  });
  afterAll(() => app.stop());

  const show = (settings: object) => owner.client.put('/v1/portfolio/settings', settings);
  const hidden = async (path: string) => {
    const { error, headers } = await app.client.get(path);
    return [error.code, headers['cache-control']];
  };
  const svgOf = async (path: string) => {
    const { status, headers, text } = await app.client.get(path);
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(() => parseXml(text)).not.toThrow();
    return text;
  };

  it('are not there unless the owner shows them, each kind by itself', async () => {
    for (const path of [CHART, BADGE, viewsBadge])
      expect(await hidden(path)).toEqual(['PICTURE_NOT_FOUND', 'no-store']);
    await show({ badges: true });
    expect((await app.client.get(CHART)).status).toBe(404);
    expect((await app.client.get(BADGE)).status).toBe(200);
    await show({ badges: false, chart: true });
    expect((await app.client.get(CHART)).status).toBe(200);
    expect((await app.client.get(BADGE)).status).toBe(404);
    await show({ badges: true });
  });

  it('badges show what was counted, in words too, with the label and the colour that are asked for', async () => {
    const badge = await svgOf(BADGE);
    expect(badge).toContain('aria-label="visitors: 3"');
    expect(badge).toContain('<title>visitors: 3</title>');
    expect(await svgOf(viewsBadge)).toContain('aria-label="views: 1"');
    const own = await svgOf(`${BADGE}?label=${encodeURIComponent('<b>"readers" & friends')}&color=2ea44f`);
    expect(own).toContain('&lt;b&gt;&quot;readers&quot; &amp; friends: 3');
    expect(own).toContain('#2ea44f');
    await svgOf(`${BADGE}?color=brightgreen&label=${encodeURIComponent('\uFFFEx')}`);
  });

  it.each([
    'label=',
    `label=${'x'.repeat(41)}`,
    'color=%23fff',
    'color=url(x)',
    'color=constructor',
    'color=banana',
    'style=flat',
  ])('a badge with ?%s is refused', async (query) => {
    expect((await app.client.get(`${BADGE}?${query}`)).status).toBe(400);
  });

  it('the chart has thirty days, light and dark, and says in words what it shows', async () => {
    const svg = await svgOf(CHART);
    const document = parseXml(svg);
    expect(document.documentElement?.getAttribute('role')).toBe('img');
    expect(textsOf(document, 'title')).toEqual(['Visitors, last 30 days']);
    expect(textsOf(document, 'desc')[0]).toMatch(/^3 in all, most on \d+ \w+ \(3\)/);
    const [line] = Array.from(document.getElementsByTagName('polyline'));
    expect(line?.getAttribute('points')?.split(' ')).toHaveLength(30);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/<script|href|onload/i);
  });

  it('can be kept by caches, and do nothing where they are opened by themselves', async () => {
    const { headers } = await app.client.get(CHART);
    expect(headers['cache-control']).toBe('public, max-age=300, stale-while-revalidate=300');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const again = await app.client.get(CHART, { headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect(again.status).toBe(304);
  });

  it('of what is not published there is none', async () => {
    await owner.client.post(`/v1/blog/posts/${post.id}/unpublish`);
    expect((await app.client.get(viewsBadge)).error.code).toBe('CONTENT_NOT_FOUND');
  });
});
