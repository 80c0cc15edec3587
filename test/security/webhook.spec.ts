import { createSign, generateKeyPairSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SnsHosts } from '../../src/modules/webhooks/sns.js';
import { ServiceUnavailable } from '../../src/platform/faults.js';
import { rowsOf } from '../support/rows.js';
import type { SocketApp } from '../support/socket-app.js';
import { TestApp } from '../support/test-app.js';

const TOPIC = 'arn:aws:sns:eu-north-1:123456789012:hearth-ses';
const CERTIFICATE_URL = 'https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';

/** A self-signed certificate, as AWS would hand one out. */
function certificate(): { privateKey: string; pem: string } {
  const directory = mkdtempSync(join(tmpdir(), 'hearth-sns-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(directory, 'key.pem'), key);
  const options = [
    'req',
    '-x509',
    '-key',
    'key.pem',
    '-out',
    'cert.pem',
    '-days',
    '2',
    '-subj',
    '/CN=sns.test',
  ];
  execFileSync('openssl', options, { cwd: directory, stdio: 'ignore' });
  return { privateKey: key, pem: readFileSync(join(directory, 'cert.pem'), 'utf8') };
}

const bounce = (address: string, bounceType = 'Permanent') => ({
  notificationType: 'Bounce',
  bounce: { bounceType, bouncedRecipients: [{ emailAddress: address }] },
});

describe('What SES reports', () => {
  let app: TestApp;
  const aws = certificate();
  const fetched: string[] = [];
  let outage = false;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { SES_TOPIC_ARN: TOPIC } });
    const hosts = (app.running as SocketApp).app.get(SnsHosts, { strict: false });
    // The only thing between this API and AWS's own hosts.
    hosts.get = async (url: string) => {
      fetched.push(url);
      if (outage) throw new ServiceUnavailable(new Error('scripted'));
      return aws.pem;
    };
  });
  beforeEach(() => {
    outage = false;
    fetched.length = 0;
  });
  afterAll(() => app.stop());

  const signed = (message: Record<string, string>, key = aws.privateKey, version: '1' | '2' = '2') => {
    const full: Record<string, string> = {
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: TOPIC,
      Timestamp: '2030-01-01T00:00:00.000Z',
      SignatureVersion: version,
      SigningCertURL: CERTIFICATE_URL,
      ...message,
    };
    const order = [
      'Message',
      'MessageId',
      'Subject',
      'SubscribeURL',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ];
    const names = order.filter((name) => full[name] !== undefined);
    const text = names.map((name) => `${name}\n${full[name]}\n`).join('');
    const algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    return { ...full, Signature: createSign(algorithm).update(text).sign(key, 'base64') };
  };
  const post = (message: object, type = 'text/plain; charset=UTF-8') =>
    app.client.request('POST', '/v1/webhooks/ses', {
      raw: JSON.stringify(message),
      headers: { 'Content-Type': type },
    });
  const suppressions = async () =>
    (await rowsOf(app)).filter(({ EntityType }) => EntityType === 'SUPPRESSION').length;
  const mailsTo = async (email: string) => {
    await app.client.post('/v1/auth/forgot-password', { email });
    return (await app.mails()).filter((text) => text.includes(`To: ${email}`)).length;
  };

  it.each([
    ['a permanent bounce', (email: string) => bounce(email)],
    [
      'a complaint',
      (email: string) => ({
        eventType: 'Complaint',
        complaint: { complainedRecipients: [{ emailAddress: email.toUpperCase() }] },
      }),
    ],
  ])('%s suppresses the address: no mail goes there any more', async (_, report) => {
    const person = await app.person();
    const { status, text } = await post(signed({ Message: JSON.stringify(report(person.email)) }));
    expect([status, text]).toEqual([204, '']);
    expect(await mailsTo(person.email)).toBe(0);
    expect(JSON.stringify(await rowsOf(app))).not.toContain(`SUPPRESSED#${person.email}`);
  });

  it('told twice it is the same, and a passing bounce suppresses nothing', async () => {
    const person = await app.person();
    const before = await suppressions();
    const message = signed({ Message: JSON.stringify(bounce(person.email)) });
    await Promise.all([post(message), post(message)]);
    expect(await suppressions()).toBe(before + 1);
    const passing = await app.person();
    await post(signed({ Message: JSON.stringify(bounce(passing.email, 'Transient')) }));
    expect(await mailsTo(passing.email)).toBe(1);
  });

  it('takes both versions of the signature, and application/json as well', async () => {
    const message = { Message: JSON.stringify(bounce('x@example.com')) };
    expect((await post(signed(message, aws.privateKey, '1'), 'application/json')).status).toBe(204);
    expect((await post(signed({ ...message, Subject: 'Amazon SES' }))).status).toBe(204);
  });

  it('is taken as it was sent: what is signed is not brought into another form', async () => {
    const odd = {
      Message: JSON.stringify({ ...bounce('y@example.com'), note: 'Cafe\u0301\r\n' }),
      Subject: ' Cafe\u0301 ',
    };
    expect((await post(signed(odd))).status).toBe(204);
  });

  it('a line of plain text, as SES sends when the topic is set, is no report', async () => {
    expect((await post(signed({ Message: 'Successfully validated SNS topic' }))).status).toBe(204);
  });

  it('a subscription is confirmed at AWS', async () => {
    const SubscribeURL = 'https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const message = { Type: 'SubscriptionConfirmation', Message: 'm', Token: 't' };
    expect((await post(signed({ ...message, SubscribeURL }))).status).toBe(204);
    expect(fetched).toContain(SubscribeURL);
    const elsewhere = await post(signed({ ...message, SubscribeURL: 'https://evil.example.com/' }));
    expect([elsewhere.status, fetched.some((url) => url.includes('evil'))]).toEqual([403, false]);
  });

  const stranger = certificate();
  it.each<[string, () => object]>([
    ['another key', () => signed({ Message: '{}' }, stranger.privateKey)],
    ['another message under the signature', () => ({ ...signed({ Message: '{}' }), Message: '{"a":1}' })],
    ['another topic', () => signed({ Message: '{}', TopicArn: `${TOPIC}-other` })],
    ['no signature', () => ({ ...signed({ Message: '{}' }), Signature: '' })],
    ['a signature that is no base64', () => ({ ...signed({ Message: '{}' }), Signature: '***' })],
    ['an unknown version', () => ({ ...signed({ Message: '{}' }), SignatureVersion: '3' })],
    ['an unknown type', () => signed({ Message: '{}', Type: 'Command' })],
    ['a type of JavaScript’s own', () => signed({ Message: '{}', Type: 'constructor' })],
    ...[
      'http://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-north-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem',
      'https://evil.example/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-north-1.amazonaws.com@evil.example/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-north-1.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-north-1.amazonaws.com/evil.pem',
      'https://bucket.s3.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
      'nonsense',
    ].map((url): [string, () => object] => [
      `a certificate at ${url}`,
      () => signed({ Message: '{}', SigningCertURL: url }),
    ]),
  ])('%s is refused', async (_, message) => {
    const { status, error } = await post(message());
    expect([status, error.code]).toEqual([403, 'WEBHOOK_REFUSED']);
    expect(fetched.filter((url) => !url.startsWith('https://sns.eu-north-1.amazonaws.com/Simple'))).toEqual(
      [],
    );
  });

  it('a message that lacks something is a 400, and what is no JSON as well', async () => {
    expect((await post({ Type: 'Notification' })).error.code).toBe('VALIDATION_ERROR');
    const raw = { raw: 'hello', headers: { 'Content-Type': 'text/plain' } };
    expect((await app.client.request('POST', '/v1/webhooks/ses', raw)).error.code).toBe('MALFORMED_JSON');
  });

  it('while the certificate cannot be had, SNS is asked to come again', async () => {
    outage = true;
    const url = CERTIFICATE_URL.replace('0123456789abcdef', 'fedcba9876543210');
    const { status, headers } = await post(signed({ Message: '{}', SigningCertURL: url }));
    expect([status, headers['retry-after']]).toEqual([503, '2']);
  });

  it('text/plain is taken nowhere else', async () => {
    const raw = { raw: '{}', headers: { 'Content-Type': 'text/plain' } };
    expect((await app.client.request('POST', '/v1/auth/login', raw)).error.code).toBe(
      'UNSUPPORTED_MEDIA_TYPE',
    );
  });
});

describe('Without a topic', () => {
  it('no report is taken', () =>
    TestApp.with({}, async (app) => {
      const message = {
        Type: 'Notification',
        MessageId: '1',
        TopicArn: TOPIC,
        Message: '{}',
        Timestamp: '1',
      };
      const rest = { SignatureVersion: '2', Signature: 'c2ln', SigningCertURL: CERTIFICATE_URL };
      expect((await app.client.post('/v1/webhooks/ses', { ...message, ...rest })).error.code).toBe(
        'WEBHOOK_REFUSED',
      );
    }));
});
