const {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} = require('@aws-sdk/client-cloudformation');
const { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } = require('@aws-sdk/client-s3');

/**
 * `sls remove`: CloudFormation removes no bucket that still holds a version of an object. What is deployed decides, not
 * what the command says: nothing is emptied while the stack is protected, nor a bucket that is to stay.
 */
class EmptyBuckets {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    this.hooks = { 'before:remove:remove': () => this.run() };
  }

  async run() {
    const provider = this.serverless.getProvider('aws');
    const StackName = provider.naming.getStackName();
    const config = await provider.getAwsSdkV3Config();
    const cloudFormation = new CloudFormationClient(config);
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    // The removal will say so.
    if (Stacks[0]?.EnableTerminationProtection) return;
    const s3 = new S3Client(config);
    for (const bucket of await this.buckets(cloudFormation, StackName)) {
      const removed = await empty(s3, bucket);
      this.log.notice(`${bucket}: ${removed} versions removed`);
    }
  }

  /** Those that go with the stack. */
  async buckets(cloudFormation, StackName) {
    const { TemplateBody = '{}' } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
    const { Resources = {} } = JSON.parse(TemplateBody);
    const goes = (id) => (Resources[id]?.DeletionPolicy ?? 'Delete') === 'Delete';
    const buckets = [];
    let NextToken;
    do {
      const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName, NextToken }));
      for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (ResourceType === 'AWS::S3::Bucket' && PhysicalResourceId && goes(LogicalResourceId))
          buckets.push(PhysicalResourceId);
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return buckets;
  }
}

/** Removes every version and every mark of a deletion, a thousand at a time; says how many. */
async function empty(s3, Bucket) {
  let removed = 0;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return removed;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors.length > 0) throw new Error(`${Bucket}: ${Errors[0].Key}: ${Errors[0].Message}`);
    removed += Objects.length;
  }
}

module.exports = EmptyBuckets;
