// CloudFront's metrics are nowhere but here.
const { topic } = require('../alarm-topics.cjs');

module.exports = async ({ resolveVariable }) => {
  const [stage, email] = [await resolveVariable('sls:stage'), await resolveVariable('param:budgetEmail')];
  const ids = (await resolveVariable('param:distributionIds')).split(',').filter(Boolean);
  if (ids.length === 0) return {};
  const alarms = ids.map((id) => [
    `Distribution${id}Alarm`,
    {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `hearth-${stage}-cloudfront-${id}`,
        AlarmDescription: 'More than 1 % of what CloudFront was asked for failed within 5 minutes',
        AlarmActions: [{ Ref: 'TicketTopic' }],
        OKActions: [{ Ref: 'TicketTopic' }],
        Namespace: 'AWS/CloudFront',
        MetricName: '5xxErrorRate',
        Dimensions: [
          { Name: 'DistributionId', Value: id },
          { Name: 'Region', Value: 'Global' },
        ],
        Statistic: 'Average',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      },
    },
  ]);
  return {
    Resources: { ...topic('TicketTopic', `hearth-${stage}-ticket`, email), ...Object.fromEntries(alarms) },
  };
};
