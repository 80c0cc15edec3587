const { CloudFormationClient, ListStackResourcesCommand } = require('@aws-sdk/client-cloudformation');
const { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } = require('@aws-sdk/client-s3');

/**
 * `sls remove` of a stage that keeps nothing: CloudFormation removes no bucket that still holds a version of an object.
 * A stage whose data is retained is left alone, whatever becomes of the removal after this.
 */
class EmptyBuckets {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    this.hooks = { 'before:remove:remove': () => this.run() };
  }

  async run() {
    const provider = this.serverless.getProvider('aws');
    const { retain } = this.serverless.service.custom;
    if (retain !== 'false') return;
    const config = await provider.getAwsSdkV3Config();
    const s3 = new S3Client(config);
    for (const bucket of await this.buckets(
      new CloudFormationClient(config),
      provider.naming.getStackName(),
    )) {
      const removed = await empty(s3, bucket);
      this.log.notice(`${bucket}: ${removed} versions removed`);
    }
  }

  async buckets(cloudFormation, StackName) {
    const buckets = [];
    let NextToken;
    do {
      const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName, NextToken }));
      for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (ResourceType === 'AWS::S3::Bucket' && PhysicalResourceId) buckets.push(PhysicalResourceId);
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
