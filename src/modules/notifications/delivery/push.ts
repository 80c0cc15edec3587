import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { JsonLogger } from '../../../platform/logger.js';
import { ApiSecrets } from '../../../platform/secrets/api-secrets.js';
import type { Device } from '../devices.repository.js';
import { isPushService } from '../devices.service.js';
import type { Notification } from '../notification.js';

/** With all that stands around it, less than the 4,096 bytes that push services take (RFC 8030, 7.2). */
const BODY_BYTES = 2000;

/** Seconds that a push service keeps what it cannot hand over. */
const KEPT_SECONDS = 24 * 3600;

/** `gone`: the subscription is dead (RFC 8030, 7.3), or was never one. `refused`: to send it again would be in vain. */
export type PushOutcome = 'sent' | 'gone' | 'refused' | 'failed';

/** Web Push: encrypted for the device (RFC 8291), signed by this deployment (RFC 8292). */
@Injectable()
export class Push {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly secrets: ApiSecrets,
    private readonly logger: JsonLogger,
  ) {}

  /** Sent twice, a device shows it once: by its topic (RFC 8030, 5.4) while it waits, by its tag once it is there. */
  async send(device: Device, { id, kind, title, body, link }: Notification): Promise<PushOutcome> {
    const { vapid } = await this.secrets.read();
    if (!vapid) return 'failed';
    if (!isPushService(device.endpoint, this.config.push.services)) return 'gone';
    const payload = JSON.stringify({ id, tag: id, kind, title, body: body && shortened(body), link });
    try {
      const request = await this.sealed(device, payload, id, vapid);
      if (!request) return 'gone';
      const signal = AbortSignal.timeout(this.config.aws.requestTimeoutMs);
      const response = await fetch(device.endpoint, { ...request, signal, redirect: 'error' });
      await response.body?.cancel();
      if (response.ok) return 'sent';
      if ([400, 403, 404, 410, 413].includes(response.status)) return this.refused(device, response.status);
      this.logger.write('warn', { message: `The push service answered ${response.status}` });
    } catch (error) {
      this.logger.write('warn', { message: `Push failed: ${(error as Error).message}` });
    }
    return 'failed';
  }

  /**
   * @returns undefined for a device whose keys are no keys: nothing can be sent to it
   * @throws when it is this deployment's keys that are none
   */
  private async sealed(
    { endpoint, keys }: Device,
    payload: string,
    id: string,
    vapid: { publicKey: string; privateKey: string },
  ): Promise<RequestInit | undefined> {
    // Loaded with the first push.
    const { default: webPush } = await import('web-push');
    const vapidDetails = { subject: `mailto:${this.config.mail.from}`, ...vapid };
    webPush.getVapidHeaders(
      new URL(endpoint).origin,
      vapidDetails.subject,
      vapid.publicKey,
      vapid.privateKey,
      'aes128gcm',
    );
    const topic = createHash('sha256').update(id).digest('base64url').slice(0, 32);
    try {
      const options = { vapidDetails, TTL: KEPT_SECONDS, topic };
      const { method, headers, body } = webPush.generateRequestDetails({ endpoint, keys }, payload, options);
      const { 'Content-Length': _, ...others } = headers as Record<string, string>;
      return { method, headers: others, body: new Uint8Array(body) };
    } catch (error) {
      this.logger.write('warn', { message: `A device cannot be pushed to: ${(error as Error).message}` });
      return undefined;
    }
  }

  /** 404 and 410 say that the subscription is over; the others that this request will never be taken. */
  private refused({ id }: Device, status: number): PushOutcome {
    if (status === 404 || status === 410) return 'gone';
    this.logger.write('error', { message: `The push service refused with ${status}`, device: id });
    return 'refused';
  }
}

/** As many of the first characters as there is room for. */
function shortened(text: string): string {
  let [kept, bytes] = ['', 0];
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > BODY_BYTES) return `${kept}…`;
    kept += character;
  }
  return kept;
}
