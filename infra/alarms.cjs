// Who is told of what: the composite alarm pages, for what must be looked at now; a ticket waits. The figures were
// decided with the product; docs/deployment.md says what to do about each.
const { topic } = require('./alarm-topics.cjs');

const MINUTES = 60;

const metric = (Namespace, MetricName, dimensions, Stat, Period) => ({
  MetricStat: {
    Metric: {
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Stat,
    Period,
  },
  ReturnData: false,
});

const api = (name, period, stat = 'Sum') =>
  metric('AWS/ApiGateway', name, { ApiId: { Ref: 'HttpApi' } }, stat, period);
const lambda = (logicalId, name, period, stat = 'Sum') =>
  metric('AWS/Lambda', name, { FunctionName: { Ref: logicalId } }, stat, period);
const table = (name, period, index) =>
  metric(
    'AWS/DynamoDB',
    name,
    { TableName: { Ref: 'Table' }, ...(index && { GlobalSecondaryIndexName: index }) },
    'Sum',
    period,
  );

/**
 * Functions that somebody waits for, and whom their trouble tells; what the others could not do ends among the dead letters.
 * PreSignUp refuses by failing, and anybody may call the pool: strangers must not be able to page.
 */
const WAITED_FOR = {
  Api: ['ApiLambdaFunction', 'composite'],
  Images: ['ImagesLambdaFunction', 'composite'],
  PreSignUp: ['PreSignUpLambdaFunction', 'ticket'],
};
const INDEXES = ['GSI1', 'GSI2', 'GSI3'];

/**
 * By logical id: what it says, whom it tells, an expression over metrics, and the value above which it is an alarm.
 * `tells: 'composite'` is told by the composite alarm, since one cause raises several of them at once.
 */
function alarms({ name, stage }) {
  const hearth = (metricName, stat, period) => metric('Hearth', metricName, { Stage: stage }, stat, period);
  const all = {
    ApiFailing: {
      says: 'More than 1 % of requests, and more than 10, failed within 5 minutes',
      tells: 'composite',
      expression: 'IF(failed > 10 AND failed > requests / 100, 1, 0)',
      metrics: { failed: api('5xx', 5 * MINUTES), requests: api('Count', 5 * MINUTES) },
      above: 0,
    },
    ApiFailingSeldom: {
      says: 'More than 0.1 % of requests failed within an hour',
      tells: 'ticket',
      expression: 'IF(requests > 0, 100 * failed / requests, 0)',
      metrics: { failed: api('5xx', 60 * MINUTES), requests: api('Count', 60 * MINUTES) },
      above: 0.1,
    },
    ApiRefusing: {
      says: 'More than 5 % of at least 100 requests were refused within 15 minutes',
      tells: 'ticket',
      expression: 'IF(requests >= 100, 100 * refused / requests, 0)',
      metrics: { refused: api('4xx', 15 * MINUTES), requests: api('Count', 15 * MINUTES) },
      above: 5,
    },
    ApiSlow: {
      says: 'One of twenty requests, but for the assistant’s and pictures, took more than 2 s, for ten minutes',
      tells: 'ticket',
      expression: 'latency',
      // The gateway's own would have the assistant in it.
      metrics: { latency: hearth('Latency', 'p95', 5 * MINUTES) },
      above: 2000,
      periods: 2,
    },
    // The assistant may take 25 s and shares a function with the rest, so that the app's own metrics tell them apart.
    RequestsVerySlow: {
      // They are cut at 8 s.
      says: 'One of a hundred requests took more than 6 s',
      tells: 'composite',
      expression: 'latency',
      metrics: { latency: hearth('Latency', 'p99', 5 * MINUTES) },
      above: 6000,
    },
    AnswersVerySlow: {
      says: 'One of a hundred answers of the assistant, or pictures, took more than 25 s',
      tells: 'ticket',
      expression: 'latency',
      metrics: { latency: hearth('LongLatency', 'p99', 5 * MINUTES) },
      above: 25_000,
    },
    PicturesVerySlow: {
      says: 'One of a hundred pictures took more than 10 s',
      tells: 'ticket',
      expression: 'duration',
      metrics: { duration: lambda('ImagesLambdaFunction', 'Duration', 5 * MINUTES, 'p99') },
      above: 10_000,
    },
    TableThrottled: {
      says: 'DynamoDB refused a read or a write for its rate',
      tells: 'composite',
      expression: 'SUM(METRICS())',
      metrics: Object.fromEntries(
        ['Read', 'Write'].flatMap((kind) => [
          [kind.toLowerCase(), table(`${kind}ThrottleEvents`, 5 * MINUTES)],
          ...INDEXES.map((index) => [
            `${kind.toLowerCase()}${index}`,
            table(`${kind}ThrottleEvents`, 5 * MINUTES, index),
          ]),
        ]),
      ),
      above: 0,
    },
    BucketRefusing: {
      says: 'The bucket refused more than 10 uploads within 5 minutes',
      tells: 'ticket',
      expression: 'refused',
      metrics: {
        refused: metric(
          'AWS/S3',
          '4xxErrors',
          { BucketName: { Ref: 'Bucket' }, FilterId: 'Uploads' },
          'Sum',
          5 * MINUTES,
        ),
      },
      above: 10,
    },
    DeadLettersWaiting: {
      says: 'A scheduled task failed three times',
      tells: 'ticket',
      expression: 'waiting',
      metrics: {
        waiting: metric(
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          { QueueName: { 'Fn::GetAtt': ['DeadLetters', 'QueueName'] } },
          'Maximum',
          5 * MINUTES,
        ),
      },
      above: 0,
    },
    RotationFailing: {
      says: 'A step of a rotation of keys failed',
      tells: 'ticket',
      expression: 'errors',
      metrics: { errors: lambda('RotateKeysLambdaFunction', 'Errors', 5 * MINUTES) },
      above: 0,
    },
  };
  for (const [title, [logicalId, tells]] of Object.entries(WAITED_FOR)) {
    all[`${title}Failing`.replace('ApiFailing', 'ApiFunctionFailing')] = {
      says: `More than 1 % of at least 20 calls of the function ${title} failed within 5 minutes`,
      tells,
      expression: 'IF(calls >= 20, 100 * errors / calls, 0)',
      metrics: {
        errors: lambda(logicalId, 'Errors', 5 * MINUTES),
        calls: lambda(logicalId, 'Invocations', 5 * MINUTES),
      },
      above: 1,
    };
    all[`${title}Throttled`] = {
      says: `A call of the function ${title} was refused for their number`,
      tells,
      expression: 'throttles',
      metrics: { throttles: lambda(logicalId, 'Throttles', 5 * MINUTES) },
      above: 0,
    };
  }
  return Object.entries(all).map(([id, alarm]) => ({ id: `${id}Alarm`, name: `${name}-${id}`, ...alarm }));
}

const resourceOf = ({ name, says, tells, expression, metrics, above, periods = 1 }) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Condition: 'Alarms',
  Properties: {
    AlarmName: name,
    AlarmDescription: says,
    ...(tells === 'ticket' && {
      AlarmActions: [{ Ref: 'TicketTopic' }],
      OKActions: [{ Ref: 'TicketTopic' }],
    }),
    Metrics: [
      { Id: 'value', Expression: expression, Label: says },
      ...Object.entries(metrics).map(([Id, query]) => ({ Id, ...query })),
    ],
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: above,
    EvaluationPeriods: periods,
    TreatMissingData: 'notBreaching',
  },
});

/** One page for one cause, however many of the alarms it raises. */
const composite = (name, parts) => ({
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Condition: 'Alarms',
  DependsOn: parts.map(({ id }) => id),
  Properties: {
    AlarmName: `${name}-in-trouble`,
    AlarmDescription: `One of: ${parts.map(({ says }) => says).join('; ')}`.slice(0, 1000),
    AlarmRule: parts.map((part) => `ALARM("${part.name}")`).join(' OR '),
    AlarmActions: [{ Ref: 'PageTopic' }],
    OKActions: [{ Ref: 'PageTopic' }],
  },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const name = `hearth-${stage}`;
  const email = await resolveVariable('param:alarmEmail');
  const all = alarms({ name, stage });
  return {
    Resources: {
      ...topic('PageTopic', `${name}-page`, email, { Condition: 'Alarms' }),
      ...topic('TicketTopic', `${name}-ticket`, email, { Condition: 'Alarms' }),
      ...Object.fromEntries(all.map((alarm) => [alarm.id, resourceOf(alarm)])),
      InTroubleAlarm: composite(
        name,
        all.filter(({ tells }) => tells === 'composite'),
      ),
    },
  };
};
