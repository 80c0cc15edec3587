// Findings of cdk-nag's AwsSolutions that stand, each with its reason. A finding that is not here fails the tests; so does
// an entry that no template needs.
module.exports.ACKNOWLEDGED = [
  {
    rule: 'S1',
    resources: /^(Bucket|FrontendBucket|ServerlessDeploymentBucket)$/,
    reason:
      'An access log would name who looked at what, which Hearth keeps nowhere. Refused requests raise an alarm from metrics, and CloudTrail tells who changed a bucket.',
  },
  {
    rule: 'CFR3',
    resources: /Distribution$/,
    reason: 'As S1: a log of addresses. Requests, bytes, errors and hits are metrics.',
  },
  {
    rule: 'CFR1',
    resources: /Distribution$/,
    reason: 'A portfolio is for everybody, wherever they are.',
  },
  {
    rule: 'CFR2',
    resources: /^(Images|Frontend)Distribution$/,
    reason: 'It serves files that are public and never change: there is nothing behind it to attack.',
  },
  {
    rule: 'CFR4',
    resources: /Distribution$/,
    reason:
      'CloudFront’s own certificate takes TLS 1.0 and cannot be told otherwise. With a domain of one’s own it is TLS 1.2.',
  },
  {
    rule: 'APIG4',
    resources: /^HttpApiRoute/,
    reason:
      'Public operations, and all with authProvider=local: the app’s guard is the authority. test/deployment/template.spec.ts holds that exactly the private operations have the authorizer.',
  },
  {
    rule: 'COG2',
    resources: /^UserPool$/,
    reason: 'A second factor is each user’s own choice (seed 001).',
  },
  {
    rule: 'COG8',
    resources: /^UserPool$/,
    reason: 'PLUS costs by the user and month. threatProtection=ENFORCED turns it on.',
  },
  {
    rule: 'DDB3',
    resources: /^Table$/,
    reason: 'The stage dev keeps nothing. Everywhere else point-in-time recovery is on.',
  },
  {
    rule: 'SMG4',
    resources: /^(ApiSecrets|OriginSecret)$/,
    reason:
      'Keys of others are rotated where they were made; the origin’s secret is rotated by a deployment (docs/operations.md).',
  },
  {
    rule: 'SQS3',
    resources: /^DeadLetters$/,
    reason: 'It is the queue of dead letters itself.',
  },
  {
    rule: 'IAM5[Resource::*]',
    resources: /Role$/,
    reason: 'X-Ray knows no resources (AWS: "Actions, resources, and condition keys for AWS X-Ray").',
  },
  ...['uploads', 'images', 'receipts'].map((folder) => ({
    rule: `IAM5[Resource::<Bucket.Arn>/${folder}/*]`,
    resources: /^(Api|Images|Sweeper|ImageSweeper)Role$/,
    reason: 'Objects have the ids of what they belong to; a folder is as narrow as it gets.',
  })),
  {
    rule: 'IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
    resources: /^(Api|Notifications)Role$/,
    reason:
      'In SES’s sandbox the receiver is an identity too. The condition on the sender’s address is what limits it.',
  },
];
