import { createVerify, X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ServiceUnavailable } from '../../platform/faults.js';

/** A message as SNS posts it (AWS: "Parsing Amazon SNS message formats"). */
export interface SnsMessage {
  readonly Type: string;
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly SignatureVersion: string;
  readonly Signature: string;
  readonly SigningCertURL: string;
  readonly Subject?: string;
  readonly SubscribeURL?: string;
  readonly Token?: string;
}

/** AWS's own hosts for SNS, and no others. */
const SNS_HOST = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{8,}\.pem$/;
const REMEMBERED_CERTIFICATES = 10;

const CONFIRMATION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;

/** What is signed, in this order (AWS: "Verifying the signatures of Amazon SNS messages"). */
const SIGNED = new Map<string, readonly (keyof SnsMessage)[]>([
  ['Notification', ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']],
  ['SubscriptionConfirmation', CONFIRMATION],
  ['UnsubscribeConfirmation', CONFIRMATION],
]);

const ALGORITHMS = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);

/** The way to AWS's certificates and back; nothing else is ever fetched. */
@Injectable()
export class SnsHosts {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws {ServiceUnavailable} */
  async get(url: string): Promise<string> {
    try {
      const signal = AbortSignal.timeout(this.config.aws.requestTimeoutMs);
      const response = await fetch(url, { signal, redirect: 'error' });
      if (!response.ok) throw new Error(`SNS answered ${response.status}`);
      return await response.text();
    } catch (error) {
      throw new ServiceUnavailable(error);
    }
  }
}

/** Tells AWS's messages from anybody's: by the certificate at AWS, not by what the message says of itself. */
@Injectable()
export class SnsMessages {
  private readonly certificates = new Map<string, X509Certificate>();

  constructor(private readonly hosts: SnsHosts) {}

  /** @throws {ServiceUnavailable} when the certificate cannot be had */
  async isGenuine(message: SnsMessage): Promise<boolean> {
    const fields = SIGNED.get(message.Type);
    const algorithm = ALGORITHMS.get(message.SignatureVersion);
    const { SigningCertURL: url } = message;
    if (!fields || !algorithm || url.includes('?') || !isAt(url, CERTIFICATE_PATH)) return false;
    const text = fields
      .filter((field) => message[field] !== undefined)
      .map((field) => `${field}\n${message[field]}\n`)
      .join('');
    try {
      const { publicKey } = await this.certificateAt(url);
      return createVerify(algorithm).update(text).verify(publicKey, message.Signature, 'base64');
    } catch (error) {
      if (error instanceof ServiceUnavailable) throw error;
      return false;
    }
  }

  /** @throws {ServiceUnavailable} */
  async confirm({ SubscribeURL }: SnsMessage): Promise<boolean> {
    if (SubscribeURL === undefined || !isAt(SubscribeURL, /^\/$/)) return false;
    await this.hosts.get(SubscribeURL);
    return true;
  }

  private async certificateAt(url: string): Promise<X509Certificate> {
    const known = this.certificates.get(url);
    if (known) return known;
    const certificate = new X509Certificate(await this.hosts.get(url));
    if (this.certificates.size >= REMEMBERED_CERTIFICATES) this.certificates.clear();
    this.certificates.set(url, certificate);
    return certificate;
  }
}

function isAt(address: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, pathname } = new URL(address);
  return (
    protocol === 'https:' && port === '' && username === '' && SNS_HOST.test(hostname) && path.test(pathname)
  );
}
