/** An SNS topic that CloudWatch's alarms of this account speak to, over TLS alone, and whom it writes to. */
module.exports.topic = (id, TopicName, email, condition = {}) => ({
  [id]: { Type: 'AWS::SNS::Topic', ...condition, Properties: { TopicName } },
  [`${id}Policy`]: {
    Type: 'AWS::SNS::TopicPolicy',
    ...condition,
    Properties: {
      Topics: [{ Ref: id }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'FromAlarms',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: id },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
          {
            Sid: 'OnlyEncrypted',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: { Ref: id },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  ...(email && {
    [`${id}ByMail`]: {
      Type: 'AWS::SNS::Subscription',
      ...condition,
      Properties: { TopicArn: { Ref: id }, Protocol: 'email', Endpoint: email },
    },
  }),
});
