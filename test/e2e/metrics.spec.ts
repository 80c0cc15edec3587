import { describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/test-app.js';

interface Embedded {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
  }[];
}

describe('The line of a request', () => {
  const lineOf = async (app: TestApp, path: string) => {
    const { headers } = await app.client.get(path);
    const line = app.logOf(headers['x-request-id']);
    return line as Record<string, unknown> & { _aws?: Embedded };
  };

  it('is metrics to CloudWatch, by stage alone: requests, errors, latency and units', () =>
    TestApp.with({ environment: { METRICS: 'emf', ENVIRONMENT: 'staging' } }, async (app) => {
      const line = await lineOf(app, '/v1/blog/posts');
      const [{ Namespace, Dimensions, Metrics } = { Namespace: '', Dimensions: [], Metrics: [] }] =
        line._aws?.CloudWatchMetrics ?? [];
      expect([Namespace, Dimensions]).toEqual(['Hearth', [['Stage']]]);
      expect(Metrics.map(({ Name }) => Name)).toEqual([
        'Requests',
        'Errors',
        'Latency',
        'ReadUnits',
        'WriteUnits',
      ]);
      // Whatever is named must be a number of the line, or CloudWatch takes none of it.
      for (const { Name } of Metrics) expect([Name, typeof line[Name]]).toEqual([Name, 'number']);
      expect(line).toMatchObject({ Stage: 'staging', Requests: 1, Errors: 0, route: '/v1/blog/posts' });
    }));

  it('is not longer than it was where nobody counts', () =>
    TestApp.with({}, async (app) => {
      const line = await lineOf(app, '/v1/blog/posts');
      expect(Object.keys(line).filter((name) => /^(_aws|Stage|Requests|Latency)$/.test(name))).toEqual([]);
    }));
});
