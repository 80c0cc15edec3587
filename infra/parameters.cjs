// What the parameters of a deployment may be, and which of them need each other: looked at when it is packaged, since
// CloudFormation would say it halfway through, or the functions when they start.
const SWITCH = ['true', 'false'];
const VALUES = {
  alarms: SWITCH,
  architecture: ['arm64', 'x86_64'],
  authProvider: ['cognito', 'local'],
  deletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate'],
  emailConfirmation: ['', 'required', 'off'],
  firewall: SWITCH,
  frontend: SWITCH,
  gatewayAuthorizer: SWITCH,
  mailVerified: SWITCH,
  protect: SWITCH,
  refreshRotation: SWITCH,
  registrationMode: ['open', 'invite', 'closed'],
  replacePolicy: ['Delete', 'Retain'],
  requireSymbols: SWITCH,
  retain: SWITCH,
  threatProtection: ['OFF', 'AUDIT', 'ENFORCED'],
};
/** Names of roles and buckets begin with it. */
const STAGE = /^[a-z][a-z0-9-]{0,11}$/;

/** Each is a sentence, and whether parameters break it. */
const RULES = {
  'corsOrigins=*: in dev alone': ({ corsOrigins, stage }) => corsOrigins === '*' && stage !== 'dev',
  'imagesDomain and frontendDomain need globalCertificateArn': (given) =>
    (given.imagesDomain || given.frontendDomain) && !given.globalCertificateArn,
  'apiDomain needs hostedZoneId or apiCertificateArn': (given) =>
    given.apiDomain && given.firewall === 'false' && !given.hostedZoneId && !given.apiCertificateArn,
  'deletionPolicy=Delete needs retain=false': (given) =>
    given.deletionPolicy === 'Delete' && given.retain !== 'false',
  'apiDomain needs globalCertificateArn behind a firewall': (given) =>
    given.apiDomain && given.firewall === 'true' && !given.globalCertificateArn,
  'firewall=true needs webAclArn': (given) => given.firewall === 'true' && given.webAclArn === '',
  'frontendDomain needs frontend=true': (given) => given.frontendDomain && given.frontend !== 'true',
  'mailVerified=true needs mailDomain': (given) => given.mailVerified === 'true' && !given.mailDomain,
  'refreshGraceSeconds: 0 to 60': ({ refreshGraceSeconds }) =>
    refreshGraceSeconds !== undefined && !/^([0-9]|[1-5][0-9]|60)$/.test(refreshGraceSeconds),
  'refreshCookie=true needs corsOrigins by name': ({ refreshCookie, corsOrigins }) =>
    refreshCookie === 'true' && corsOrigins === '*',
  'acceptedClientIds: ids of clients of the pool, a comma between': ({ acceptedClientIds }) =>
    acceptedClientIds !== undefined && !/^([\w+]+(,[\w+]+)*)?$/.test(acceptedClientIds),
  'userPoolId and userPoolClientId go together': (given) => !given.userPoolId !== !given.userPoolClientId,
  'userPoolId needs authProvider=cognito': (given) => given.userPoolId && given.authProvider !== 'cognito',
};

/**
 * @param declared the parameters that there are, with what they are unless they are given
 * @param given those of the stage, and of the command line
 * @returns one line for each that cannot be
 */
function parameterFaults(stage, declared, given) {
  const all = { ...declared, ...given, stage };
  const isStage = STAGE.test(stage) && stage !== 'development';
  return [
    ...(isStage
      ? []
      : [
          `stage ${stage}: up to 12 small letters, digits and dashes, and not development, which is a laptop`,
        ]),
    ...Object.keys(given)
      .filter((name) => !Object.hasOwn(declared, name))
      .map((name) => `${name}: there is no such parameter`),
    ...Object.entries(VALUES)
      .filter(([name, values]) => Object.hasOwn(all, name) && !values.includes(all[name]))
      .map(([name, values]) => `${name}=${all[name]}: one of ${values.filter(Boolean).join(', ')}`),
    ...Object.keys(RULES).filter((rule) => RULES[rule](all)),
  ];
}

/** Nobody could come in. */
const shutsEverybodyOut = ({ registrationMode, ownerEmail }) =>
  registrationMode !== undefined && registrationMode !== 'open' && ownerEmail === '';

module.exports = { parameterFaults, shutsEverybodyOut };
