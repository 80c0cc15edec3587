// One certificate for all names that CloudFront answers to. With a hosted zone it proves itself; without one the
// deployment waits until the records that ACM shows are made by hand.
module.exports = async ({ resolveVariable }) => {
  const domains = (await resolveVariable('param:domains')).split(',').filter(Boolean);
  const zone = await resolveVariable('param:hostedZoneId');
  const [DomainName, ...others] = domains;
  if (DomainName === undefined) return {};
  return {
    Resources: {
      Certificate: {
        Type: 'AWS::CertificateManager::Certificate',
        Properties: {
          DomainName,
          ...(others.length > 0 && { SubjectAlternativeNames: others }),
          ValidationMethod: 'DNS',
          ...(zone && {
            DomainValidationOptions: domains.map((name) => ({ DomainName: name, HostedZoneId: zone })),
          }),
        },
      },
    },
    Outputs: { GlobalCertificateArn: { Value: { Ref: 'Certificate' } } },
  };
};
