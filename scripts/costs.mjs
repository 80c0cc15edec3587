// What a month costs, by seed 001's model of its users: npm run costs. docs/deployment.md shows the table.
// Units and milliseconds were measured: a laptop's log of `npm run load -- --users 2 --rate 20 --seconds 15`, 2026-11-21,
// averages by route, weighed as scripts/load.mjs weighs them. Prices are AWS's list prices for eu-north-1 in US dollars, as
// far as known on that day, without any free tier but those that never end.

/** Per call of the mix: milliseconds here, and DynamoDB's units. */
const CALL = { ms: 10, readUnits: 0.98, writeUnits: 0.15 };
/** Of a login, with Cognito the half of it. */
const LOGIN = { readUnits: 3.5, writeUnits: 9 };
/** Lambda gives a function of 1,024 MB 0.58 of a core (1,769 MB are one), the way to DynamoDB takes some milliseconds, and some calls wait for a start. */
const BILLED_MS = (CALL.ms * 1769) / 1024 + 8 + 25;
const MEMORY_GB = 1;
/** Seed 001: calls a user and month, guitars, photos of 2 MB each; and a login a week. */
const USER = { calls: 100, logins: 4, photos: 50, photoGb: 0.002, items: 60, itemKb: 2 };
/** Runs a month of what runs by the clock, what each is billed, and what it reads. */
const WORKERS = { runs: 30 * (24 * 60 + 2 * 24 * 12 + 2 * 24 + 1), ms: 60, readUnits: 3 };
/** Of a request: the app's line with its metrics, Lambda's own, the gateway's. */
const LOGGED_KB = 1.9;
/** Metrics in alarms, composite alarms, metrics of the app, of the bucket's requests, of CloudFront, secrets. */
const FIXED = { alarmed: 30, composites: 1, metrics: 6, bucketMetrics: 16, cloudFrontMetrics: 8, secrets: 2 };

const PRICE = {
  httpApiCall: 1.11e-6,
  lambdaCall: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  readUnit: 0.141e-6,
  writeUnit: 0.705e-6,
  tableGb: 0.269,
  backupGb: 0.215,
  s3Gb: 0.023,
  s3Monitored: 0.0025 / 1000,
  logGb: 0.54,
  alarmedMetric: 0.1,
  compositeAlarm: 0.5,
  metric: 0.3,
  secret: 0.4,
  cognitoUser: 0.015,
  freeCognitoUsers: 10_000,
};

/** What AWS gives every account for good, a month. */
const FREE = { lambdaCalls: 1e6, lambdaGbSeconds: 400_000, logGb: 5, metrics: 10, alarmedMetrics: 10 };
const beyond = (amount, free) => Math.max(0, amount - free);

function monthOf(users) {
  const calls = users * (USER.calls + USER.logins);
  const reads =
    users * (USER.calls * CALL.readUnits + USER.logins * LOGIN.readUnits) + WORKERS.runs * WORKERS.readUnits;
  const writes = users * (USER.calls * CALL.writeUnits + USER.logins * LOGIN.writeUnits);
  const billed = (calls * BILLED_MS + WORKERS.runs * WORKERS.ms) / 1000;
  const tableGb = (users * USER.items * USER.itemKb) / 1024 ** 2;
  return {
    'API Gateway': calls * PRICE.httpApiCall,
    Lambda:
      beyond(calls + WORKERS.runs, FREE.lambdaCalls) * PRICE.lambdaCall +
      beyond(billed * MEMORY_GB, FREE.lambdaGbSeconds) * PRICE.lambdaGbSecond,
    DynamoDB: reads * PRICE.readUnit + writes * PRICE.writeUnit + tableGb * (PRICE.tableGb + PRICE.backupGb),
    'S3 (photos)': users * USER.photos * (USER.photoGb * PRICE.s3Gb + 2 * PRICE.s3Monitored),
    Cognito: beyond(users, PRICE.freeCognitoUsers) * PRICE.cognitoUser,
    Logs: beyond((calls * LOGGED_KB) / 1024 ** 2, FREE.logGb) * PRICE.logGb,
    'Alarms, metrics, secrets':
      beyond(FIXED.alarmed, FREE.alarmedMetrics) * PRICE.alarmedMetric +
      FIXED.composites * PRICE.compositeAlarm +
      beyond(FIXED.metrics + FIXED.bucketMetrics + FIXED.cloudFrontMetrics, FREE.metrics) * PRICE.metric +
      FIXED.secrets * PRICE.secret,
  };
}

const SIZES = [100, 1000, 10_000];
const months = SIZES.map(monthOf);
const dollars = (value) => value.toFixed(2);
const row = (name, values) => `| ${name} | ${values.join(' | ')} |`;
const lines = [
  row(
    'US dollars a month, users',
    SIZES.map((size) => size.toLocaleString('en')),
  ),
  row(
    '---',
    SIZES.map(() => '---'),
  ),
  ...Object.keys(months[0]).map((name) =>
    row(
      name,
      months.map((month) => dollars(month[name])),
    ),
  ),
  row(
    '**all**',
    months.map((month) => `**${dollars(Object.values(month).reduce((sum, each) => sum + each, 0))}**`),
  ),
  row(
    'without alarms (dev)',
    months.map((month) =>
      dollars(
        Object.entries(month).reduce(
          (sum, [name, each]) =>
            name.startsWith('Alarms') ? sum + FIXED.secrets * PRICE.secret : sum + each,
          0,
        ),
      ),
    ),
  ),
  row('seed 001’s estimate', ['–', '2.38', '39.00']),
];
process.stdout.write(`${lines.join('\n')}\n`);
