import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../config/config.js';

/** A form as S3 reads it: the fields before the file, and the file's size. */
interface S3Form {
  readonly bucket: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Bytes. */
  readonly size: number;
}

export interface S3Refusal {
  readonly status: number;
  /** Of S3's list of errors. */
  readonly code: string;
  readonly message: string;
}

type Condition =
  Readonly<Record<string, string>> | readonly [string, string, string] | readonly [string, number, number];

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly Condition[];
}

/** Fields that no condition need name (AWS: "POST Policy", Condition matching). */
const UNCONDITIONED: ReadonlySet<string> = new Set(['policy', 'x-amz-signature', 'file']);

const denied = (message: string): S3Refusal => ({ status: 403, code: 'AccessDenied', message });

/**
 * Why S3 would refuse a form (AWS: "Authenticating Requests: Browser-Based Uploads Using POST"); undefined where it takes it.
 */
export function refusalOfForm(
  { bucket, fields, size }: S3Form,
  keys: Credentials,
  now: Date,
): S3Refusal | undefined {
  const sent = new Map([
    ...fields.map(([name, value]) => [name.toLowerCase(), value] as const),
    ['bucket', bucket],
  ]);
  const encoded = sent.get('policy');
  if (encoded === undefined || !isSigned(sent, encoded, keys)) return denied('Access Denied');
  const policy = policyOf(encoded);
  if (!policy) return denied('Invalid Policy: Invalid JSON.');
  if (!(Date.parse(policy.expiration) > now.getTime()))
    return denied('Invalid according to Policy: Policy expired.');

  const named = new Set(['bucket']);
  for (const condition of policy.conditions) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') continue;
    const [operator, name, wanted] = matchOf(condition);
    const value = sent.get(name) ?? '';
    named.add(name);
    const holds =
      operator === 'starts-with' ? value.startsWith(wanted) : operator === 'eq' && value === wanted;
    if (!holds)
      return denied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition)}`);
  }
  const extra = [...sent.keys()].find(
    (name) => !named.has(name) && !UNCONDITIONED.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra !== undefined) return denied(`Invalid according to Policy: Extra input fields: ${extra}`);
  return refusalOfSize(policy, size);
}

function refusalOfSize({ conditions }: Policy, size: number): S3Refusal | undefined {
  for (const condition of conditions) {
    if (!Array.isArray(condition) || condition[0] !== 'content-length-range') continue;
    const [, fewest, most] = condition as readonly [string, number, number];
    if (size < fewest)
      return {
        status: 400,
        code: 'EntityTooSmall',
        message: 'Your proposed upload is smaller than the minimum allowed size',
      };
    if (size > most)
      return {
        status: 400,
        code: 'EntityTooLarge',
        message: 'Your proposed upload exceeds the maximum allowed size',
      };
  }
  return undefined;
}

export const mac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** Signature version 4. @param scope date, region, service and `aws4_request` */
export const signingKeyOf = ({ secretAccessKey }: Credentials, scope: readonly string[]): string | Buffer =>
  scope.reduce<string | Buffer>(mac, `AWS4${secretAccessKey}`);

function isSigned(sent: ReadonlyMap<string, string>, policy: string, keys: Credentials): boolean {
  const [keyId, date = '', region = '', service = '', ending] = (sent.get('x-amz-credential') ?? '').split(
    '/',
  );
  if (keyId !== keys.accessKeyId || service !== 's3' || ending !== 'aws4_request') return false;
  if (sent.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') return false;
  const signingKey = signingKeyOf(keys, [date, region, service, ending]);
  const given = Buffer.from(sent.get('x-amz-signature') ?? '', 'hex');
  const expected = mac(signingKey, policy);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function policyOf(encoded: string): Policy | undefined {
  try {
    const policy = JSON.parse(Buffer.from(encoded, 'base64').toString()) as Partial<Policy> | null;
    return policy && Array.isArray(policy.conditions) ? (policy as Policy) : undefined;
  } catch {
    return undefined;
  }
}

/** A condition as operator, field in lower case, and value. */
function matchOf(condition: Condition): readonly [operator: string, name: string, value: string] {
  if (Array.isArray(condition)) {
    const [operator, field, value] = condition as readonly [string, string, string];
    return [operator, field.replace(/^\$/, '').toLowerCase(), value];
  }
  const [[name, value] = ['', '']] = Object.entries(condition as Readonly<Record<string, string>>);
  return ['eq', name.toLowerCase(), value];
}
