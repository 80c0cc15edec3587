// What the parameters of a deployment may be, and which of them need each other: looked at when it is packaged, since
// CloudFormation would say it halfway through, or the functions when they start.
const SWITCH = ['true', 'false'];
const VALUES = {
  alarms: SWITCH,
  architecture: ['arm64', 'x86_64'],
  authProvider: ['cognito', 'local'],
  confirmBy: ['code', 'link'],
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

/** Each is a sentence, and whether it is broken. */
const RULES = {
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
  'userPoolId and userPoolClientId go together': (given) => !given.userPoolId !== !given.userPoolClientId,
  'userPoolId needs authProvider=cognito': (given) => given.userPoolId && given.authProvider !== 'cognito',
};

/**
 * @param declared the parameters that there are, with what they are unless they are given
 * @param given those of the stage, and of the command line
 * @returns one line for each that cannot be
 */
function parameterFaults(stage, declared, given) {
  const faults = [];
  if (!STAGE.test(stage) || stage === 'development')
    faults.push(
      `stage ${stage}: up to 12 small letters, digits and dashes, and not development, which is a laptop`,
    );
  for (const name of Object.keys(given))
    if (!Object.hasOwn(declared, name)) faults.push(`${name}: there is no such parameter`);
  const all = { ...declared, ...given };
  for (const [name, value] of Object.entries(all)) {
    if (Object.hasOwn(VALUES, name) && !VALUES[name].includes(value))
      faults.push(`${name}=${value}: one of ${VALUES[name].filter(Boolean).join(', ')}`);
  }
  if (all.corsOrigins === '*' && stage !== 'dev') faults.push('corsOrigins=*: in dev alone');
  for (const [rule, isBroken] of Object.entries(RULES)) if (isBroken(all)) faults.push(rule);
  return faults;
}

/** Nobody could come in. */
const shutsEverybodyOut = ({ registrationMode, ownerEmail }) =>
  registrationMode !== undefined && registrationMode !== 'open' && ownerEmail === '';

module.exports = { parameterFaults, shutsEverybodyOut };
