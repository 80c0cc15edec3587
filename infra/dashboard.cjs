// One dashboard a stage. Figures by route are read from the log, where they cost nothing until somebody looks.
const REGION = '${AWS::Region}';
const FUNCTIONS = [
  'Api',
  'Images',
  'PreSignUp',
  'RotateKeys',
  'Sweeper',
  'ImageSweeper',
  'Recurrence',
  'Notifications',
  'Publishing',
  'Analytics',
];

const graph = (title, metrics, { stat = 'Sum', region = REGION, ...more } = {}) => ({
  type: 'metric',
  properties: { title, region, stat, period: 300, view: 'timeSeries', metrics, ...more },
});

const ofApi = (name, options = {}) => ['AWS/ApiGateway', name, 'ApiId', '${HttpApi}', options];
const ofFunctions = (name, options) =>
  FUNCTIONS.map((each) => [
    'AWS/Lambda',
    name,
    'FunctionName',
    `\${${each}LambdaFunction}`,
    { label: each, ...options },
  ]);
const ofTable = (name) => ['AWS/DynamoDB', name, 'TableName', '${Table}'];
const ofImages = (name, options = {}) => [
  'AWS/CloudFront',
  name,
  'Region',
  'Global',
  'DistributionId',
  '${ImagesDistribution}',
  options,
];
const ofPool = (name, id) => [
  'AWS/Cognito',
  name,
  'UserPool',
  '${Pool}',
  'UserPoolClient',
  '${PoolClient}',
  { id, stat: 'Sum', label: name },
];
const attempts = (name, id) => [
  ...ofPool(name, id).slice(0, -1),
  { id, stat: 'SampleCount', visible: false },
];

/** Cognito's metrics are 1 for a success and 0 for a failure: their sum and their number tell both. */
const failures = (label, all, good) => [{ expression: `${all} - ${good}`, label, id: `${good}Failed` }];

const log = (title, group, query) => ({
  type: 'log',
  properties: {
    title,
    region: REGION,
    view: 'table',
    query: `SOURCE '${group}' | ${query}`,
  },
});

const signIns = () =>
  graph('Sign-ups and sign-ins', [
    ofPool('SignUpSuccesses', 'ups'),
    ofPool('SignInSuccesses', 'ins'),
    ofPool('TokenRefreshSuccesses', 'refreshes'),
    attempts('SignUpSuccesses', 'allUps'),
    attempts('SignInSuccesses', 'allIns'),
    failures('Sign-ups that failed', 'allUps', 'ups'),
    failures('Sign-ins that failed', 'allIns', 'ins'),
  ]);

const widgets = (hasPool) => [
  graph('Requests', [ofApi('Count')]),
  graph('Refused and failed', [ofApi('4xx'), ofApi('5xx', { color: '#d62728' })]),
  graph(
    'Latency (ms)',
    ['p50', 'p95', 'p99'].map((stat) => ofApi('Latency', { stat, label: stat })),
  ),
  log(
    'By route: calls, failures, latency (ms), units',
    '${ApiLogGroup}',
    'filter message = "Request" | stats count(*) as calls, sum(status >= 500) as failed, pct(ms, 50) as p50, pct(ms, 95) as p95, avg(readUnits) as reads, avg(writeUnits) as writes by method, route | sort calls desc | limit 50',
  ),
  log(
    'What the gateway itself refused',
    '${HttpApiLogGroup}',
    'filter gatewayError != "-" or authorizerError != "-" | stats count(*) as calls by status, gatewayError, routeKey | sort calls desc | limit 50',
  ),
  graph('Functions: calls', ofFunctions('Invocations')),
  graph('Functions: errors', ofFunctions('Errors')),
  graph('Functions: duration p95 (ms)', ofFunctions('Duration', { stat: 'p95' })),
  graph('Functions: throttles', ofFunctions('Throttles')),
  graph('Table: units', [ofTable('ConsumedReadCapacityUnits'), ofTable('ConsumedWriteCapacityUnits')]),
  graph('Table: throttles', [ofTable('ReadThrottleEvents'), ofTable('WriteThrottleEvents')]),
  graph('The app’s own count', [
    ['Hearth', 'Requests', 'Stage', '${Stage}'],
    ['Hearth', 'Errors', 'Stage', '${Stage}'],
    ['Hearth', 'ReadUnits', 'Stage', '${Stage}'],
    ['Hearth', 'WriteUnits', 'Stage', '${Stage}'],
  ]),
  ...(hasPool ? [signIns()] : []),
  graph(
    'CloudFront: requests and bytes',
    [ofImages('Requests'), ofImages('BytesDownloaded', { yAxis: 'right' })],
    {
      region: 'us-east-1',
    },
  ),
  graph(
    'CloudFront: errors and hits (%)',
    [ofImages('4xxErrorRate'), ofImages('5xxErrorRate'), ofImages('CacheHitRate')],
    { region: 'us-east-1', stat: 'Average' },
  ),
];

/** Two in a row; logs take a whole one. */
function placed(all) {
  let [x, y] = [0, 0];
  return all.map((widget) => {
    const width = widget.type === 'log' ? 24 : 12;
    if (x + width > 24) [x, y] = [0, y + 6];
    const place = { x, y, width, height: 6 };
    x += width;
    return { ...widget, ...place };
  });
}

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const hasPool = (await resolveVariable('param:authProvider')) === 'cognito';
  const given = {
    Pool: await resolveVariable('param:userPoolId'),
    PoolClient: await resolveVariable('param:userPoolClientId'),
  };
  const pool = (id, name) => ({ 'Fn::If': ['OwnPool', { Ref: id }, given[name]] });
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: `hearth-${stage}`,
          DashboardBody: {
            'Fn::Sub': [
              JSON.stringify({ widgets: placed(widgets(hasPool)) }),
              {
                Stage: stage,
                ...(hasPool && {
                  Pool: pool('UserPool', 'Pool'),
                  PoolClient: pool('UserPoolClient', 'PoolClient'),
                }),
              },
            ],
          },
        },
      },
      // CacheHitRate is one of the metrics that CloudFront wants to be asked for.
      ImagesMonitoring: {
        Type: 'AWS::CloudFront::MonitoringSubscription',
        Condition: 'Alarms',
        Properties: {
          DistributionId: { Ref: 'ImagesDistribution' },
          MonitoringSubscription: {
            RealtimeMetricsSubscriptionConfig: { RealtimeMetricsSubscriptionStatus: 'Enabled' },
          },
        },
      },
    },
  };
};
