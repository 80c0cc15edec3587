import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';

type Parameters = Readonly<Record<string, string>>;
const { parameterFaults, shutsEverybodyOut } = createRequire(import.meta.url)(
  '../../infra/parameters.cjs',
) as {
  parameterFaults: (stage: string, declared: Parameters, given: Parameters) => string[];
  shutsEverybodyOut: (parameters: Parameters) => boolean;
};

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/x';
/** As in infra/params.yml. */
const DECLARED: Parameters = {
  apiCertificateArn: '',
  apiDomain: '',
  authProvider: 'cognito',
  corsOrigins: 'https://app.example.com',
  firewall: 'false',
  frontend: 'false',
  frontendDomain: '',
  globalCertificateArn: '',
  hostedZoneId: '',
  imagesDomain: '',
  mailDomain: '',
  mailVerified: 'false',
  ownerEmail: '',
  registrationMode: 'invite',
  retain: 'true',
  userPoolClientId: '',
  userPoolId: '',
  webAclArn: '',
};

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
    [{ mailVerified: 'true' }, 'mailVerified=true needs mailDomain'],
    [{ userPoolId: 'eu-north-1_a' }, 'userPoolId and userPoolClientId go together'],
  ])('cannot be %j', (given, fault) => {
    expect(parameterFaults('prod', DECLARED, given)).toEqual([fault]);
  });

  it('are of a stage whose name fits into those of its roles', () => {
    for (const stage of ['dev', 'prod-2']) expect(parameterFaults(stage, DECLARED, {})).toEqual([]);
    for (const stage of ['Prod', 'a-stage-of-a-long-name'])
      expect(parameterFaults(stage, DECLARED, {})).toHaveLength(1);
  });

  it('that let nobody in are told', () => {
    expect(shutsEverybodyOut(DECLARED)).toBe(true);
    expect(shutsEverybodyOut({ ...DECLARED, ownerEmail: 'me@example.com' })).toBe(false);
    expect(shutsEverybodyOut({ ...DECLARED, registrationMode: 'open' })).toBe(false);
  });
});
