import { createRequire } from 'node:module';
import type { Calls } from '../aws-calls.js';
import { functionsOf, named, type Template } from './template.js';

const { UNSEEN } = createRequire(import.meta.url)('../../../infra/roles.cjs') as {
  UNSEEN: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** What resources are called in the record, by how a template names them. */
function nameOf(resource: unknown, template: Template): string {
  const id = named(resource);
  if (id === 'Table') return 'table';
  if (id === 'Bucket') return 'bucket';
  if (id === 'UserPool') return 'userPool';
  if (id && template.Resources[id]?.Type === 'AWS::Logs::LogGroup') return 'log';
  if (id) return `${id[0]?.toLowerCase()}${id.slice(1)}`;
  const text = (resource as { 'Fn::Sub'?: string })['Fn::Sub'] ?? JSON.stringify(resource);
  if (/^\$\{Table\.Arn\}\/index\/GSI[123]$/.test(text)) return 'indexes';
  const [, folder] = /^\$\{Bucket\.Arn\}\/(uploads|images|receipts)\/\*$/.exec(text) ?? [];
  if (folder) return folder;
  if (text === '${Bucket.Arn}/deployment.json') return 'deployment.json';
  if (/:userpool\/[\w-]+$/.test(text)) return 'userPool';
  if (/:ses:.*:(identity\/\*|configuration-set\/hearth-\w+)$/.test(text)) return 'mail';
  return text;
}

/** Resources that only some deployments have. */
function isThere(resource: string, template: Template): boolean {
  const has = (id: string) => id in template.Resources;
  if (resource === 'signingKeys') return has('SigningKeys');
  if (resource === 'originSecret') return has('OriginSecret');
  if (resource === 'mail') return has('MailIdentity');
  if (resource === 'userPool') return has('HttpApiAuthorizerCognito');
  return true;
}

/** What every function does to be heard. */
const ALWAYS = [
  'logs:CreateLogStream on log',
  'logs:PutLogEvents on log',
  'xray:PutTraceSegments on "*"',
  'xray:PutTelemetryRecords on "*"',
];

/** Where the roles of a template allow more, or less, than what is recorded or explained. */
export function permissionFaults(template: Template, recorded: Calls): string[] {
  const faults: string[] = [];
  const roles = new Set<string>();
  for (const [name, { Properties }] of Object.entries(functionsOf(template))) {
    const roleId = named(Properties['Role']) ?? '';
    if (roles.has(roleId)) faults.push(`${name} shares the role ${roleId}`);
    roles.add(roleId);
    const role = template.Resources[roleId]?.Properties ?? {};
    if (role['ManagedPolicyArns']) faults.push(`${name} has a managed policy`);
    if (JSON.stringify(role['AssumeRolePolicyDocument']?.Statement?.[0]?.Principal) !== LAMBDA)
      faults.push(`${roleId} may be assumed by others than Lambda`);
    const granted = new Set<string>();
    for (const statement of (role['Policies'] ?? []).flatMap(
      (policy: { PolicyDocument: { Statement: readonly Statement[] } }) => policy.PolicyDocument.Statement,
    ) as Statement[]) {
      const resources = [statement.Resource].flat().map((resource) => nameOf(resource, template));
      for (const action of [statement.Action ?? []].flat())
        for (const resource of resources) granted.add(`${action} on ${resource}`);
      if (resources.includes('mail') && !statement.Condition)
        faults.push(`${name} may send mail in anybody’s name`);
    }
    const wanted = new Set(
      [...ALWAYS, ...(recorded[name] ?? []), ...Object.keys(UNSEEN[name] ?? {})].filter((call) =>
        isThere(call.split(' on ')[1] ?? '', template),
      ),
    );
    for (const call of granted)
      if (!wanted.has(call)) faults.push(`${name} may ${call}, which it never does`);
    for (const call of wanted) if (!granted.has(call)) faults.push(`${name} may not ${call}, which it does`);
  }
  return faults;
}

const LAMBDA = '{"Service":"lambda.amazonaws.com"}';
