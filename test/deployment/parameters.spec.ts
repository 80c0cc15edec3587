import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

type Parameters = Readonly<Record<string, string>>;
const require = createRequire(import.meta.url);
const { parameterFaults, shutsEverybodyOut } = require('../../infra/parameters.cjs') as {
  parameterFaults: (stage: string, declared: Parameters, given: Parameters) => string[];
  shutsEverybodyOut: (parameters: Parameters) => boolean;
};

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/x';
const FILE = parse(readFileSync('infra/params.yml', 'utf8')) as Record<string, Parameters>;
const DECLARED = FILE['default'] as Parameters;

type Serverless = Record<string, unknown>;
const CheckParameters = require('../../infra/plugins/check-parameters.cjs') as new (
  serverless: Serverless,
  options: object,
  utilities: object,
) => { run(): void };

describe('The parameters of a deployment', () => {
  it.each<[string, Parameters]>([
    ['nothing', {}],
    ['a name with its zone', { apiDomain: 'api.example.com', hostedZoneId: 'Z1' }],
    ['a name with its certificate', { apiDomain: 'api.example.com', apiCertificateArn: CERTIFICATE }],
    ['a firewall with its list', { firewall: 'true', webAclArn: 'arn:aws:wafv2:…' }],
    ['a pool that is there', { userPoolId: 'eu-north-1_a', userPoolClientId: 'b' }],
  ])('may be %s', (_, given) => {
    expect(parameterFaults('prod', DECLARED, given)).toEqual([]);
  });

  it.each<[Parameters, string]>([
    [{ ownerMail: 'me@example.com' }, 'ownerMail: there is no such parameter'],
    [{ retain: 'yes' }, 'retain=yes: one of true, false'],
    [{ authProvider: 'auth0' }, 'authProvider=auth0: one of cognito, local'],
    [{ corsOrigins: '*' }, 'corsOrigins=*: in dev alone'],
    [{ imagesDomain: 'i.example.com' }, 'imagesDomain and frontendDomain need globalCertificateArn'],
    [{ firewall: 'true' }, 'firewall=true needs webAclArn'],
    [{ apiDomain: 'api.example.com' }, 'apiDomain needs hostedZoneId or apiCertificateArn'],
    [
      { frontendDomain: 'a.example.com', globalCertificateArn: CERTIFICATE },
      'frontendDomain needs frontend=true',
    ],
    [
      { firewall: 'true', webAclArn: 'arn:aws:wafv2:…', apiDomain: 'api.example.com' },
      'apiDomain needs globalCertificateArn behind a firewall',
    ],
    [{ deletionPolicy: 'Delete' }, 'deletionPolicy=Delete needs retain=false'],
    [
      { userPoolId: 'eu-north-1_a', userPoolClientId: 'b', authProvider: 'local' },
      'userPoolId needs authProvider=cognito',
    ],
    [{ mailVerified: 'true' }, 'mailVerified=true needs mailDomain'],
    [{ userPoolId: 'eu-north-1_a' }, 'userPoolId and userPoolClientId go together'],
  ])('cannot be %j', (given, fault) => {
    expect(parameterFaults('prod', DECLARED, given)).toEqual([fault]);
  });

  it('are of a stage whose name fits into those of its roles', () => {
    for (const stage of ['dev', 'prod-2']) expect(parameterFaults(stage, DECLARED, {})).toEqual([]);
    for (const stage of ['Prod', 'a-stage-of-a-long-name', 'development'])
      expect(parameterFaults(stage, DECLARED, {})).toHaveLength(1);
  });

  it('that let nobody in are told', () => {
    expect(shutsEverybodyOut(DECLARED)).toBe(true);
    expect(shutsEverybodyOut({ ...DECLARED, ownerEmail: 'me@example.com' })).toBe(false);
    expect(shutsEverybodyOut({ ...DECLARED, registrationMode: 'open' })).toBe(false);
  });

  describe('as sls package is given them', () => {
    const check = (stage: string, param: readonly string[], params: object = FILE) => {
      const warnings: string[] = [];
      const plugin = new CheckParameters(
        {
          classes: { Error },
          configurationInput: { params },
          processedInput: { options: { param } },
          service: { provider: { stage } },
        },
        {},
        { log: { warning: (text: string) => warnings.push(text) } },
      );
      plugin.run();
      return warnings;
    };

    it('are those of the file, of its stage and of the command', () => {
      for (const stage of ['dev', 'staging', 'prod']) expect(check(stage, [])).toHaveLength(1);
      expect(check('prod', ['ownerEmail=me@example.com', 'aiBaseUrl=https://x.example/v1?a=b'])).toEqual([]);
      expect(() => check('prod', ['retain=yes'])).toThrow('retain=yes');
      expect(() => check('prod', [], { ...FILE, prod: { ownerMail: 'me@example.com' } })).toThrow(
        'ownerMail',
      );
    });
  });
});
