// What a deployed stage is called, as a front end's variables: npm run outputs -- --stage prod [--region eu-north-1]
// Other outputs follow as comments. --global: of the service of us-east-1, each the parameter of its name with a small first letter.
// Credentials are the AWS SDK's own: AWS_PROFILE, for one.
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { optionsOf } from './command-line.mjs';

const { values } = optionsOf({
  stage: { type: 'string', default: 'dev' },
  region: { type: 'string' },
  global: { type: 'boolean', default: false },
});
const StackName = `hearth-${values.global ? 'global-' : ''}${values.stage}`;
const region = values.region ?? (values.global ? 'us-east-1' : (process.env.AWS_REGION ?? 'eu-north-1'));

/** Seed 004's names. */
const FRONT_END = {
  NEXT_PUBLIC_API_URL: ({ ApiUrl }) => ApiUrl && `${ApiUrl}/v1`,
  NEXT_PUBLIC_IMAGES_URL: ({ ImagesUrl }) => ImagesUrl,
  NEXT_PUBLIC_REGION: ({ Region }) => Region,
  NEXT_PUBLIC_USER_POOL_ID: ({ UserPoolId }) => UserPoolId,
  NEXT_PUBLIC_USER_POOL_CLIENT_ID: ({ UserPoolClientId }) => UserPoolClientId,
};
const SHOWN = new Set(['ApiUrl', 'ImagesUrl', 'Region', 'UserPoolId', 'UserPoolClientId']);

try {
  const client = new CloudFormationClient({ region });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const outputs = Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  for (const [name, of] of Object.entries(FRONT_END)) {
    const value = of(outputs);
    if (value) process.stdout.write(`${name}=${value}\n`);
  }
  for (const [name, value] of Object.entries(outputs).sort())
    if (!SHOWN.has(name)) process.stdout.write(`# ${name}: ${value}\n`);
} catch (error) {
  process.stderr.write(`${StackName} in ${region}: ${error.message}\n`);
  process.exitCode = 1;
}
