// One role a function. It may do what a run of all tests saw its code do (aws-calls.json, which `npm run record-calls`
// writes), and what no test can show, which has its reason here. test/deployment/template.spec.ts reads the template back.
const CALLS = require('./aws-calls.json');

/** By function: what it must be allowed though no test calls it, and why. */
const UNSEEN = {
  images: {
    'secretsmanager:GetSecretValue on originSecret':
      'as the API reads it, where a firewall stands before both',
  },
  preSignUp: {
    'secretsmanager:GetSecretValue on applicationKeys': 'runs in its package alone, with secrets from files',
  },
  sweeper: {
    'cognito-idp:AdminDeleteUser on userPool': 'ends whatever a request to leave had begun',
    's3:DeleteObject on images': 'ends whatever a request to leave had begun',
  },
};
const WORKERS = ['sweeper', 'imageSweeper', 'recurrence', 'notifications', 'publishing', 'analytics'];
for (const name of WORKERS)
  UNSEEN[name] = {
    ...UNSEEN[name],
    'sqs:SendMessage on deadLetters': 'Lambda sends what failed in its name',
  };
const FUNCTIONS = [...new Set([...Object.keys(CALLS), ...Object.keys(UNSEEN)])];

const arn = (service, resource) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});
const folder = (name) => [{ 'Fn::Sub': `\${Bucket.Arn}/${name}/*` }];

/** What the calls are made on. `when` names the condition without which it is not there. */
const RESOURCES = {
  table: { arns: [{ 'Fn::GetAtt': ['Table', 'Arn'] }] },
  indexes: { arns: ['GSI1', 'GSI2', 'GSI3'].map((index) => ({ 'Fn::Sub': `\${Table.Arn}/index/${index}` })) },
  bucket: { arns: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }] },
  uploads: { arns: folder('uploads') },
  images: { arns: folder('images') },
  receipts: { arns: folder('receipts') },
  'deployment.json': { arns: [{ 'Fn::Sub': '${Bucket.Arn}/deployment.json' }] },
  applicationKeys: { arns: [{ Ref: 'ApplicationKeys' }] },
  signingKeys: { arns: [{ Ref: 'SigningKeys' }], when: 'UsesLocal' },
  apiSecrets: { arns: [{ Ref: 'ApiSecrets' }] },
  originSecret: { arns: [{ Ref: 'OriginSecret' }], when: 'Firewall' },
  userPool: {
    arns: [
      {
        'Fn::If': [
          'OwnPool',
          { 'Fn::GetAtt': ['UserPool', 'Arn'] },
          arn('cognito-idp', 'userpool/${param:userPoolId}'),
        ],
      },
    ],
    when: 'UsesCognito',
  },
  // In SES's sandbox the address that a mail goes to is an identity as well, and IAM is asked about it.
  mail: {
    arns: [arn('ses', 'identity/*'), arn('ses', 'configuration-set/${self:custom.name}')],
    only: { StringEquals: { 'ses:FromAddress': 'hearth@${param:mailDomain}' } },
    when: 'HasMailDomain',
  },
  deadLetters: { arns: [{ 'Fn::GetAtt': ['DeadLetters', 'Arn'] }] },
};

const upper = (name) => name[0].toUpperCase() + name.slice(1);

/** What every function does to be heard: its log, and X-Ray, which knows no resources. */
const heard = (logGroup) => [
  {
    Sid: 'Log',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
  },
  {
    Sid: 'Trace',
    Effect: 'Allow',
    Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    Resource: '*',
  },
];

/** One statement a resource. */
function statements(calls) {
  const actions = {};
  for (const call of calls) {
    const [action, resource] = call.split(' on ');
    (actions[resource] ??= []).push(action);
  }
  return Object.entries(actions).map(([resource, Action]) => {
    const { arns, only, when } = RESOURCES[resource];
    const statement = {
      Sid: upper(resource).replace(/\W/g, ''),
      Effect: 'Allow',
      Action,
      Resource: arns,
      ...(only && { Condition: only }),
    };
    return when ? { 'Fn::If': [when, statement, { Ref: 'AWS::NoValue' }] } : statement;
  });
}

const role = (name) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [
      {
        PolicyName: name,
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            ...heard(`${upper(name)}LogGroup`),
            ...statements([...(CALLS[name] ?? []), ...Object.keys(UNSEEN[name] ?? {})]),
          ],
        },
      },
    ],
  },
});

module.exports = () => ({
  Resources: Object.fromEntries(FUNCTIONS.map((name) => [`${upper(name)}Role`, role(name)])),
});
module.exports.UNSEEN = UNSEEN;
