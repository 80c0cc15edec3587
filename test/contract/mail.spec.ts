import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { Ses } from '../../src/platform/mail/ses.js';
import {
  alreadyRegistered,
  confirmation,
  emailChangeCode,
  emailChanged,
  invitation,
  passwordReset,
  securityNotice,
} from '../../src/platform/mail/templates.js';
import { refusal, ScriptedServer, type ScriptedRequest } from '../support/scripted-server.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

const ALL = {
  confirmation: confirmation('123456', 60),
  passwordReset: passwordReset('123456', 'https://app.example.com/reset-password?token=x', 60),
  emailChangeCode: emailChangeCode('123456', 60),
  emailChanged: emailChanged('new@example.com', '2030-01-01T00:00Z', 'https://app.example.com/undo?token=x'),
  alreadyRegistered: alreadyRegistered(),
  invitation: invitation(
    '7K2M-9QXR',
    'https://app.example.com/register?inviteCode=7K2M-9QXR',
    '2030-01-01T00:00Z',
  ),
  securityNotice: securityNotice('mfa-enabled', '2030-01-01T00:00:00.000Z'),
};

describe('Mail templates', () => {
  it.each(Object.entries(ALL))('%s says the same as text and as HTML', (_, { subject, text, html }) => {
    expect(subject).toMatch(/^[^\r\n]{5,80}$/);
    const plain = html
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(plain).toBe(text.replaceAll(/\s+/g, ' ').trim());
  });

  it('let nothing that is put into them become markup', () => {
    const { html } = invitation('<b>', 'https://x.example/?a="><script>', '2030');
    expect(html).not.toMatch(/<script>|<b>|a="/);
    expect(html).toContain('&lt;script&gt;');
  });
});

describe('SES', () => {
  const send = async (to: string, script: (request: ScriptedRequest) => ReturnType<typeof refusal>) => {
    const server = await ScriptedServer.start(script);
    const environment = {
      SES_ENDPOINT: server.url,
      MAIL_FROM: 'hearth@example.com',
    };
    try {
      await new Ses(loadConfig(environment)).deliver({ to, ...ALL.confirmation });
      return server.requests;
    } finally {
      await server.stop();
    }
  };

  it('gets text and HTML, from the configured sender, and no line break in an address', async () => {
    const [request] = await send('ada@example.com\r\nBcc: eve@example.com', () => ({}));
    expect([request?.method, request?.path]).toEqual(['POST', '/v2/email/outbound-emails']);
    expect(request?.body).toMatchObject({
      FromEmailAddress: 'hearth@example.com',
      Destination: { ToAddresses: ['ada@example.comBcc: eve@example.com'] },
      Content: { Simple: { Body: { Text: { Charset: 'UTF-8', Data: ALL.confirmation.text } } } },
    });
  });

  it('is tried three times, and is an outage after that', async () => {
    let tries = 0;
    const failing = () => {
      tries += 1;
      return refusal('InternalFailure', 'scripted', 500);
    };
    await expect(send('ada@example.com', failing)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(tries).toBe(3);
  });
});

describe('A mail that cannot be sent', () => {
  let app: TestApp;
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await ScriptedServer.start(() => refusal('MessageRejected', 'ada@example.com is not verified'));
    const environment = {
      MAIL_TRANSPORT: 'ses',
      SES_ENDPOINT: server.url,
      AUTH_EMAIL_CONFIRMATION: 'required',
    };
    app = await TestApp.start({ environment });
  });
  afterAll(async () => {
    await app.stop();
    await server.stop();
  });

  it('fails nothing: the account is there, another code can be asked for, and the log names no address', async () => {
    const body = { email: 'ada@example.com', password: PASSWORD, name: 'Ada' };
    expect((await app.client.post('/v1/auth/register', body)).status).toBe(201);
    const again = await app.client.post('/v1/auth/resend-confirmation', { email: body.email });
    expect(again.status).toBe(202);
    const lines = app.running.logs.filter(({ message }) => message === 'Mail not sent');
    expect(lines.length).toBe(2);
    expect(JSON.stringify(lines)).not.toContain('ada@example.com');
  });
});
