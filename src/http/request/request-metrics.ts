/** What is counted of one request. */
interface Measured {
  readonly status: number;
  /** Milliseconds until the answer. */
  readonly ms: number;
  /** Milliseconds that it might have taken. */
  readonly allowedMs: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Requests that may take longer than this (the assistant, pictures) are slow by nature, and have a metric of their own. */
const LONG_MS = 10_000;

/**
 * The fields by which CloudWatch makes metrics of a line of the log (AWS: "Embedded metric format specification"), by
 * stage alone: each further dimension would be a metric to pay for. Figures by route are read from the log itself.
 */
export function metricsOf(stage: string, { status, ms, allowedMs, readUnits, writeUnits }: Measured): object {
  const latency = allowedMs > LONG_MS ? 'LongLatency' : 'Latency';
  const count = (Name: string) => ({ Name, Unit: 'Count' });
  return {
    Stage: stage,
    Requests: 1,
    Errors: status >= 500 ? 1 : 0,
    [latency]: ms,
    ReadUnits: readUnits,
    WriteUnits: writeUnits,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'Hearth',
          Dimensions: [['Stage']],
          Metrics: [
            count('Requests'),
            count('Errors'),
            { Name: latency, Unit: 'Milliseconds' },
            count('ReadUnits'),
            count('WriteUnits'),
          ],
        },
      ],
    },
  };
}
