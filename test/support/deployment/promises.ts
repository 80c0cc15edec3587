import { functionsOf, type Kind, named, ofType, type Resource, type Template } from './template.js';

const DATA = ['Table', 'Bucket', 'UserPool', 'ApplicationKeys', 'SigningKeys', 'ApiSecrets'];
const WORKERS = ['sweeper', 'imageSweeper', 'recurrence', 'notifications', 'publishing', 'analytics'];

/** What a deployment promises beyond being valid, each with what is said when it is broken. */
type Rule = (template: Template, kept: boolean) => readonly (readonly [boolean, string])[];

const properties = (template: Template, id: string): Resource['Properties'] =>
  template.Resources[id]?.Properties ?? {};
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const functions: Rule = (template, kept) =>
  Object.entries(functionsOf(template)).flatMap(([name, { Properties }]) => {
    const log = Object.values(template.Resources).find(
      (each) => each.Properties?.['LogGroupName'] === `/aws/lambda/${String(Properties['FunctionName'])}`,
    );
    return [
      [Properties['TracingConfig']?.Mode === 'Active', `${name} is not traced`],
      [Properties['Runtime'] === 'nodejs24.x', `${name} runs on ${Properties['Runtime']}`],
      [Properties['Timeout'] <= 300, `${name} may run for ${Properties['Timeout']} s`],
      [
        log?.Properties['RetentionInDays'] === (kept ? 30 : 7),
        `${name}'s log is kept too long, or not long enough`,
      ],
    ] as const;
  });

const schedules: Rule = (template) => {
  const rules = ofType(template, 'AWS::Events::Rule');
  const configured = ofType(template, 'AWS::Lambda::EventInvokeConfig').map(
    ([, { Properties }]) => Properties,
  );
  const all = functionsOf(template);
  return WORKERS.flatMap((name) => {
    const id = Object.entries(template.Resources).find(([, resource]) => resource === all[name])?.[0];
    const target = rules
      .flatMap(([, { Properties }]) => Properties['Targets'])
      .find(({ Arn }) => named(Arn) === id);
    const tries = configured.find(({ FunctionName }) => named(FunctionName) === id);
    return [
      [target !== undefined, `${name} has no schedule`],
      [target?.RetryPolicy?.MaximumRetryAttempts === 2, `${name} is not called twice more`],
      [named(target?.DeadLetterConfig?.Arn) === 'DeadLetters', `a call of ${name} may get lost`],
      [tries?.['MaximumRetryAttempts'] === 2, `${name} is not run twice more`],
      [
        named(tries?.['DestinationConfig']?.OnFailure?.Destination) === 'DeadLetters',
        `a run of ${name} that fails may get lost`,
      ],
    ] as const;
  });
};

const api: Rule = (template, kept) => {
  const stage = properties(template, 'HttpApiStage');
  const format = String(stage['AccessLogSettings']?.Format);
  const cors = properties(template, 'HttpApi')['CorsConfiguration'] ?? {};
  return [
    [
      isSame(stage['DefaultRouteSettings'], { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 }),
      'the stage throttles otherwise',
    ],
    [isJson(format) && format.includes('$context.routeKey'), 'the access log is no JSON, or names no route'],
    [!/sourceIp|identity|authorizer\.claims|path\b/.test(format), 'the access log names who called'],
    [
      properties(template, 'HttpApiLogGroup')['RetentionInDays'] === (kept ? 30 : 7),
      'the access log is kept otherwise',
    ],
    [!kept || !cors.AllowOrigins?.includes('*'), 'every origin may call'],
    [cors.AllowCredentials !== true, 'the gateway lets cookies in'],
  ];
};

const table: Rule = (template, kept) => {
  const all = properties(template, 'Table');
  return [
    [all['BillingMode'] === 'PAY_PER_REQUEST', 'the table costs while nobody calls'],
    [all['TimeToLiveSpecification']?.Enabled === true, 'nothing expires'],
    [all['TimeToLiveSpecification']?.AttributeName === 'ExpiresAt', 'something else expires'],
    [all['PointInTimeRecoverySpecification']?.PointInTimeRecoveryEnabled === kept, 'point-in-time recovery'],
    [all['DeletionProtectionEnabled'] === kept, 'the table’s deletion protection'],
    [all['SSESpecification']?.SSEEnabled === kept, 'the table’s key'],
    [
      isSame(
        all['GlobalSecondaryIndexes']?.map(({ IndexName }: { IndexName: string }) => IndexName),
        ['GSI1', 'GSI2', 'GSI3'],
      ),
      'an index is missing',
    ],
  ];
};

const data: Rule = (template, kept) =>
  DATA.filter((id) => id in template.Resources).flatMap((id) => {
    const { DeletionPolicy, UpdateReplacePolicy } = template.Resources[id] as Resource;
    return [
      [
        DeletionPolicy === (kept ? 'RetainExceptOnCreate' : 'Delete'),
        `${id} is ${DeletionPolicy} when the stack goes`,
      ],
      [
        UpdateReplacePolicy === (kept ? 'Retain' : 'Delete'),
        `${id} is ${UpdateReplacePolicy} when it is replaced`,
      ],
    ] as const;
  });

const pool: Rule = (template, kept) => {
  if (!('UserPool' in template.Resources)) return [];
  const all = properties(template, 'UserPool');
  const client = properties(template, 'UserPoolClient');
  const attribute = (name: string) =>
    all['Schema']?.find(({ Name }: { Name: string }) => Name === name) ?? {};
  const flows: string[] = client['ExplicitAuthFlows'] ?? [];
  const rotates = client['RefreshTokenRotation']?.Feature === 'ENABLED';
  return [
    [isSame(all['UsernameAttributes'], ['email']), 'people sign in by something else'],
    [attribute('email').Required && attribute('email').Mutable, 'email is not required, or fixed'],
    [attribute('name').Required && attribute('name').Mutable, 'name is not required, or fixed'],
    [isSame(all['AutoVerifiedAttributes'], ['email']), 'addresses are not verified'],
    [
      isSame(all['AccountRecoverySetting']?.RecoveryMechanisms, [{ Name: 'verified_email', Priority: 1 }]),
      'accounts are recovered by something else',
    ],
    [all['DeletionProtection'] === (kept ? 'ACTIVE' : 'INACTIVE'), 'the pool’s deletion protection'],
    [named(all['LambdaConfig']?.PreSignUp) === 'PreSignUpLambdaFunction', 'strangers may sign up'],
    [all['MfaConfiguration'] === 'OPTIONAL', 'the second factor is no choice'],
    [all['Policies']?.PasswordPolicy?.MinimumLength >= 8, 'passwords may be short'],
    [client['GenerateSecret'] === false, 'the client has a secret'],
    [client['PreventUserExistenceErrors'] === 'ENABLED', 'the pool tells who has an account'],
    [flows.includes('ALLOW_REFRESH_TOKEN_AUTH') !== rotates, 'Cognito refuses these flows'],
    [
      flows.includes('ALLOW_USER_PASSWORD_AUTH') && flows.includes('ALLOW_ADMIN_USER_PASSWORD_AUTH'),
      'nobody can log in',
    ],
    [
      client['AccessTokenValidity'] === 60 && client['RefreshTokenValidity'] === 30,
      'tokens live otherwise than the app says',
    ],
    [
      !client['WriteAttributes']?.some((name: string) => name.startsWith('custom:')),
      'a client may write its own role',
    ],
    [ofType(template, 'AWS::Cognito::UserPoolGroup').length === 3, 'a group is missing'],
  ];
};

const buckets: Rule = (template) =>
  ofType(template, 'AWS::S3::Bucket')
    .filter(([id]) => id !== 'ServerlessDeploymentBucket')
    .flatMap(([id, { Properties }]) => {
      const policy = JSON.stringify(
        ofType(template, 'AWS::S3::BucketPolicy').find(
          ([, each]) => named(each.Properties['Bucket']) === id,
        )?.[1] ?? {},
      );
      return [
        [
          ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
            (name) => Properties['PublicAccessBlockConfiguration']?.[name] === true,
          ),
          `${id} may be public`,
        ],
        [Properties['VersioningConfiguration']?.Status === 'Enabled', `${id} keeps no versions`],
        [Properties['BucketEncryption'] !== undefined, `${id} is not encrypted`],
        [policy.includes('"aws:SecureTransport":"false"'), `${id} may be read in clear`],
        [!policy.includes('"Effect":"Allow","Principal":"*"'), `${id} is read by everybody`],
        [id !== 'Bucket' || policy.includes('${Bucket.Arn}/images/*'), 'CloudFront reads more than images'],
        [
          Properties['LifecycleConfiguration']?.Rules.some(
            (rule: Record<string, unknown>) => rule['NoncurrentVersionExpiration'],
          ),
          `${id} keeps versions for ever`,
        ],
        [
          id !== 'Bucket' ||
            Properties['LifecycleConfiguration']?.Rules.some(
              (rule: Record<string, unknown>) =>
                rule['Prefix'] === 'uploads/' && rule['ExpirationInDays'] === 1,
            ),
          'uploads are kept for longer than a day',
        ],
      ] as const;
    });

const distributions: Rule = (template) =>
  ofType(template, 'AWS::CloudFront::Distribution').flatMap(([id, { Properties }]) => {
    const all = Properties['DistributionConfig'];
    const { ViewerProtocolPolicy, Compress } = all.DefaultCacheBehavior;
    return [
      [/https/.test(ViewerProtocolPolicy), `${id} speaks HTTP`],
      [Compress === true, `${id} does not compress`],
      [all.HttpVersion === 'http2and3' && all.PriceClass === 'PriceClass_100', `${id} is served otherwise`],
      [
        !all.Aliases || all.ViewerCertificate.MinimumProtocolVersion === 'TLSv1.2_2021',
        `${id} takes old versions of TLS`,
      ],
      [
        id === 'ApiDistribution' || all.Origins.every((origin: object) => 'OriginAccessControlId' in origin),
        `${id} reads a bucket without proving itself`,
      ],
      [
        id !== 'ApiDistribution' || (all.WebACLId !== '' && 'OriginCustomHeaders' in all.Origins[0]),
        'the API can be reached past the firewall',
      ],
    ] as const;
  });

const secrets: Rule = (template) =>
  ['ApplicationKeys', 'SigningKeys']
    .filter((id) => id in template.Resources)
    .map((id) => [
      ofType(template, 'AWS::SecretsManager::RotationSchedule').some(
        ([, { Properties }]) =>
          named(Properties['SecretId']) === id &&
          named(Properties['RotationLambdaARN']) === 'RotateKeysLambdaFunction',
      ),
      `${id} is never rotated`,
    ]);

/** As docs/operations.md lists them. */
export const ALARMS = [
  'ApiFailing',
  'ApiFailingSeldom',
  'ApiFunctionFailing',
  'ApiRefusing',
  'ApiSlow',
  'ApiThrottled',
  'AnswersVerySlow',
  'BucketRefusing',
  'DeadLettersWaiting',
  'ImagesFailing',
  'ImagesThrottled',
  'PicturesVerySlow',
  'PreSignUpFailing',
  'PreSignUpThrottled',
  'RequestsVerySlow',
  'RotationFailing',
  'TableThrottled',
];

const alarms: Rule = (template, kept) => {
  const all = ofType(template, 'AWS::CloudWatch::Alarm');
  if (!kept) return [[all.length === 0, 'alarms cost while nobody calls']];
  const rule = String(properties(template, 'InTroubleAlarm')['AlarmRule']);
  return [
    [
      isSame(all.map(([id]) => id.replace(/Alarm$/, '')).sort(), ALARMS.toSorted()),
      'an alarm is missing, or not listed',
    ],
    ...all.flatMap(([id, { Properties }]) => {
      const direct = (Properties['AlarmActions'] ?? []).some(
        (action: unknown) => template.Resources[named(action) ?? '']?.Type === 'AWS::SNS::Topic',
      );
      return [
        [direct || rule.includes(`ALARM("${Properties['AlarmName']}")`), `${id} tells nobody`],
        [Properties['TreatMissingData'] === 'notBreaching', `${id} is one when nothing happens`],
      ] as const;
    }),
    [named(properties(template, 'InTroubleAlarm')['AlarmActions']?.[0]) === 'PageTopic', 'nobody is paged'],
  ];
};

const whole: Rule = (template) => [
  [Object.keys(template.Resources).length <= 500, 'CloudFormation takes 500 resources'],
  [JSON.stringify(template).length < 1_000_000, 'CloudFormation takes 1 MB'],
  [ofType(template, 'AWS::ApiGatewayV2::Route').length <= 300, 'an HTTP API takes 300 routes'],
  [
    !/"Effect":"Allow"[^{}]*"NotAction"/.test(JSON.stringify(template)),
    'something is allowed by what it is not',
  ],
  [!/dynamodb:Scan/.test(JSON.stringify(template)), 'something may scan'],
];

const PROMISES = [
  functions,
  schedules,
  api,
  table,
  data,
  pool,
  buckets,
  distributions,
  secrets,
  alarms,
  whole,
];

/** What a deployment breaks of what it promises. */
export function brokenPromises(template: Template, kind: Kind): string[] {
  const kept = kind !== 'dev' && kind !== 'local';
  return PROMISES.flatMap((promise) => promise(template, kept)).flatMap(([holds, broken]) =>
    holds ? [] : [broken],
  );
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
