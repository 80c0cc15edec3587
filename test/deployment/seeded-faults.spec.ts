import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { recordedCalls } from '../support/aws-calls.js';
import { permissionFaults } from '../support/deployment/permissions.js';
import { brokenPromises } from '../support/deployment/promises.js';
import { type ApiDocument, routeFaults } from '../support/deployment/routes.js';
import { ofType, type Resource, type Template, templateOf } from '../support/deployment/template.js';

const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as ApiDocument;

const at = (template: Template, id: string): Resource['Properties'] =>
  (template.Resources[id] as Resource).Properties;
const route = (template: Template, key: string): Resource['Properties'] =>
  (
    ofType(template, 'AWS::ApiGatewayV2::Route').find(([, each]) => each.Properties['RouteKey'] === key) as [
      string,
      Resource,
    ]
  )[1].Properties;
const statement = (template: Template, role: string, sid: string) =>
  at(template, role)['Policies'][0].PolicyDocument.Statement.find(({ Sid }: { Sid: string }) => Sid === sid);

/** Mistakes as they are made, one at a time, in the template of `everything`. */
const FAULTS: Readonly<Record<string, (template: Template) => void>> = {
  'a role may do everything to the table': (t) => {
    statement(t, 'ApiRole', 'Table').Action = 'dynamodb:*';
  },
  'a worker may read every secret': (t) => {
    statement(t, 'RecurrenceRole', 'Table').Resource.push('*');
  },
  'a function may scan': (t) => {
    statement(t, 'AnalyticsRole', 'Table').Action.push('dynamodb:Scan');
  },
  'a function may not do what it does': (t) => {
    statement(t, 'SweeperRole', 'Table').Action = ['dynamodb:GetItem'];
  },
  'two functions share a role': (t) => {
    at(t, 'SweeperLambdaFunction')['Role'] = { 'Fn::GetAtt': ['ApiRole', 'Arn'] };
  },
  'a private route without the authorizer': (t) => {
    const all = route(t, 'GET /v1/guitars');
    all['AuthorizationType'] = 'NONE';
    delete all['AuthorizerId'];
  },
  'the login behind the authorizer': (t) => {
    const { AuthorizerId } = route(t, 'GET /v1/guitars');
    Object.assign(route(t, 'POST /v1/auth/login'), { AuthorizationType: 'JWT', AuthorizerId });
  },
  'a route of the images that reaches the API': (t) => {
    route(t, 'POST /v1/images/upload-complete')['Target'] = route(t, 'GET /v1/guitars')['Target'];
  },
  'a route that is lost': (t) => {
    const [id] = ofType(t, 'AWS::ApiGatewayV2::Route').find(
      ([, each]) => each.Properties['RouteKey'] === 'GET /v1/guitars/brands',
    ) as [string, Resource];
    delete t.Resources[id];
  },
  'a bucket that may be public': (t) => {
    at(t, 'Bucket')['PublicAccessBlockConfiguration'].BlockPublicPolicy = false;
  },
  'a bucket that everybody reads': (t) => {
    at(t, 'BucketPolicy')['PolicyDocument'].Statement.push({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: { 'Fn::Sub': '${Bucket.Arn}/*' },
    });
  },
  'no point-in-time recovery in prod': (t) => {
    delete at(t, 'Table')['PointInTimeRecoverySpecification'];
  },
  'a table that goes with its stack': (t) => {
    Object.assign(t.Resources['Table'] as object, { DeletionPolicy: 'Delete' });
  },
  'a misspelt property': (t) => {
    at(t, 'Table')['BilingMode'] = 'PAY_PER_REQUEST';
  },
  'a reference to nothing': (t) => {
    at(t, 'MailReports')['ConfigurationSetName'] = { Ref: 'MailConfigurations' };
  },
  'a value that AWS does not know': (t) => {
    at(t, 'ImagesDistribution')['DistributionConfig'].PriceClass = 'PriceClass_50';
  },
  'a schedule without dead letters': (t) => {
    const [, rule] = ofType(t, 'AWS::Events::Rule')[0] as [string, Resource];
    delete rule.Properties['Targets'][0].DeadLetterConfig;
  },
  'an alarm that tells nobody': (t) => {
    delete at(t, 'DeadLettersWaitingAlarm')['AlarmActions'];
  },
  'both the refresh flow and rotation': (t) => {
    at(t, 'UserPoolClient')['ExplicitAuthFlows'].push('ALLOW_REFRESH_TOKEN_AUTH');
  },
  'a client that may write its own role': (t) => {
    at(t, 'UserPoolClient')['WriteAttributes'].push('custom:userRole');
  },
  'a function on a runtime past its support': (t) => {
    at(t, 'ApiLambdaFunction')['Runtime'] = 'nodejs18.x';
  },
  'old versions of TLS': (t) => {
    at(t, 'ImagesDistribution')['DistributionConfig'].ViewerCertificate.MinimumProtocolVersion = 'TLSv1';
  },
  'a queue that takes messages in clear': (t) => {
    at(t, 'DeadLettersPolicy')['PolicyDocument'].Statement.pop();
  },
  'keys that are never rotated': (t) => {
    delete t.Resources['ApplicationKeysRotation'];
  },
};

describe('A fault in a template', () => {
  const names = Object.keys(FAULTS);
  const directory = mkdtempSync(join(tmpdir(), 'hearth-faults-'));

  it('is caught, of these every one', () => {
    const files = names.map((name, number) => {
      const template = templateOf('everything');
      FAULTS[name]?.(template);
      const file = join(directory, `${number}.json`);
      writeFileSync(file, JSON.stringify(template));
      return { name, template, file };
    });
    const output = execFileSync(
      'node',
      ['scripts/check-templates.mjs', '--json', ...files.map(({ file }) => file)],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    rmSync(directory, { recursive: true });
    const checked = JSON.parse(output) as { errors: unknown[]; unacknowledged: unknown[] }[];
    const caught = files.filter(({ template }, number) => {
      const { errors = [], unacknowledged = [] } = checked[number] ?? {};
      const ours = [
        ...routeFaults(template, document),
        ...permissionFaults(template, recordedCalls()),
        ...brokenPromises(template, 'everything'),
      ];
      return errors.length + unacknowledged.length + ours.length > 0;
    });
    process.stdout.write(`faults in the template: ${caught.length} of ${names.length} caught\n`);
    expect(names.length).toBeGreaterThanOrEqual(20);
    expect(caught.map(({ name }) => name)).toEqual(names);
  });
});
