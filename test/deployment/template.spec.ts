import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { ENVIRONMENT_NAMES } from '../../src/config/variables.js';
import { recordedCalls } from '../support/aws-calls.js';
import { permissionFaults } from '../support/deployment/permissions.js';
import { brokenPromises } from '../support/deployment/promises.js';
import { type ApiDocument, routeFaults } from '../support/deployment/routes.js';
import { functionsOf, KINDS, templateOf } from '../support/deployment/template.js';

const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as ApiDocument;
const { ACKNOWLEDGED } = createRequire(import.meta.url)('../../infra/acknowledged.cjs') as {
  ACKNOWLEDGED: readonly { rule: string; resources: RegExp; reason: string }[];
};

interface Finding {
  readonly rule: string;
  readonly on: string;
}

describe('The templates', () => {
  let checked: { file: string; errors: Finding[]; acknowledged: Finding[]; unacknowledged: Finding[] }[];
  beforeAll(() => {
    const output = execFileSync('node', ['scripts/check-templates.mjs', '--json'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    checked = JSON.parse(output) as typeof checked;
  });

  it('are without an error to AWS’s own validator, in their own regions', () => {
    expect(checked).toHaveLength(KINDS.length + 1);
    for (const { file, errors } of checked) expect([file, errors]).toEqual([file, []]);
  });

  it('leave no finding of cdk-nag’s AwsSolutions unacknowledged, warnings included', () => {
    for (const { file, unacknowledged } of checked) expect([file, unacknowledged]).toEqual([file, []]);
  });

  it('need every acknowledgement, and each has its reason', () => {
    const found = checked.flatMap(({ acknowledged }) => acknowledged);
    for (const { rule, resources, reason } of ACKNOWLEDGED) {
      expect([rule, found.some((each) => each.rule === rule && resources.test(each.on))]).toEqual([
        rule,
        true,
      ]);
      expect(reason.length).toBeGreaterThan(20);
    }
  });
});

describe.each(KINDS)('A deployment of the kind %s', (kind) => {
  const template = templateOf(kind);

  it('keeps what it promises', () => {
    expect(brokenPromises(template, kind)).toEqual([]);
  });

  it('has exactly the routes of the API’s description, with the authorizer exactly where a token is needed', () => {
    expect(routeFaults(template, document, kind !== 'local')).toEqual([]);
  });

  it('allows each function what it was seen to do, and what is explained, and nothing else', () => {
    expect(permissionFaults(template, recordedCalls())).toEqual([]);
  });

  it('tells its functions only what they read, and what they can start with', () => {
    for (const [name, { Properties }] of Object.entries(functionsOf(template))) {
      const variables = Properties['Environment'].Variables as Record<string, unknown>;
      const names = Object.keys(variables);
      expect([name, names.filter((each) => !ENVIRONMENT_NAMES.includes(each))]).toEqual([name, []]);
      expect(() => loadConfig(resolved(variables))).not.toThrow();
    }
  });
});

/** With what CloudFormation would put in place of a reference. */
function resolved(variables: Record<string, unknown>): Record<string, string> {
  const known: Record<string, string> = {
    Bucket: 'hearth-dev-bucket-1a2b3c',
    UserPool: 'eu-north-1_Abc123',
    UserPoolClient: '0123456789abcdefghijklmnop',
    MailTopic: 'arn:aws:sns:eu-north-1:123456789012:hearth-dev-mail',
  };
  const value = (given: unknown): string => {
    if (typeof given !== 'object' || given === null) return String(given);
    const { Ref, 'Fn::GetAtt': got, 'Fn::Sub': sub } = given as Record<string, string & string[]>;
    if (Ref) return known[Ref] ?? `no ${Ref}`;
    if (sub) return sub.replaceAll(/\$\{[^}]+\}/g, 'd111111abcdef8.cloudfront.net');
    return got?.[1] === 'ApiEndpoint'
      ? 'https://a1b2c3.execute-api.example.com'
      : 'd111111abcdef8.cloudfront.net';
  };
  return Object.fromEntries(Object.entries(variables).map(([name, given]) => [name, value(given)]));
}

describe('Two stages in one account', () => {
  const names = (kind: 'dev' | 'staging' | 'prod') => {
    const found: string[] = [];
    const walk = (value: unknown, key = ''): void => {
      if (typeof value === 'string' && /(^|[a-z])Name$|^Name$|^Domain$/.test(key)) found.push(value);
      else if (typeof value === 'object' && value !== null)
        for (const [inner, each] of Object.entries(value)) walk(each, inner);
    };
    for (const { Type, Properties } of Object.values(templateOf(kind).Resources)) {
      if (Type === 'AWS::ApiGatewayV2::Route' || Type === 'AWS::CloudWatch::Alarm') continue;
      for (const [key, value] of Object.entries(Properties))
        if (/(Name|DashboardName|AliasName)$/.test(key)) walk(value, key);
    }
    return found.filter((name) => /hearth/i.test(name));
  };

  it('have no name in common', () => {
    const [dev, staging, prod] = [names('dev'), names('staging'), names('prod')];
    expect(dev.length).toBeGreaterThan(20);
    expect(dev.filter((name) => staging.includes(name) || prod.includes(name))).toEqual([]);
    expect(staging.filter((name) => prod.includes(name))).toEqual([]);
  });
});
