import { createECDH } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ApiError } from '../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import { ApiSecrets } from '../../platform/secrets/api-secrets.js';
import { AccessRevocations } from '../users/access-revocations.js';
import { type Device, DevicesRepository } from './devices.repository.js';
import type { DeviceResponse, RegisterDeviceDto, RemoveDeviceDto } from './dto/device.dto.js';
import { PUSH_UNAVAILABLE } from './notifications.errors.js';

/** Which devices somebody lets us push to. */
@Injectable()
export class DevicesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly secrets: ApiSecrets,
    private readonly devices: DevicesRepository,
    revocations: AccessRevocations,
  ) {
    revocations.register({
      title: 'devices that received your notifications',
      revoke: async (userId) => (await this.devices.erase(userId)) > 0,
    });
  }

  /** The key that a browser subscribes with; null while push is off. */
  async publicKey(): Promise<string | null> {
    return (await this.secrets.read()).vapid?.publicKey ?? null;
  }

  async list(userId: string): Promise<DeviceResponse[]> {
    return (await this.devices.list(userId)).map(asResponse);
  }

  async register(userId: string, body: RegisterDeviceDto): Promise<DeviceResponse> {
    if ((await this.publicKey()) === null) throw new ApiError(PUSH_UNAVAILABLE);
    if (!isPushService(body.endpoint, this.config.push.services))
      throw invalid('endpoint', 'isPushService', 'must be at a push service that this deployment knows');
    if (!isPoint(body.keys.p256dh)) throw invalid('keys.p256dh', 'isPoint', 'must be a point on P-256');
    return asResponse(await this.devices.register(userId, body));
  }

  async remove(userId: string, { endpoint }: RemoveDeviceDto): Promise<{ id: string; deleted: true }> {
    return { id: await this.devices.remove(userId, endpoint), deleted: true };
  }
}

export const asResponse = ({ id, endpoint, createdAt }: Device): DeviceResponse => ({
  id,
  endpoint,
  createdAt,
});

const invalid = (field: string, code: string, message: string) =>
  new ApiError(VALIDATION_ERROR, { details: [{ field, code, message: `${field} ${message}` }] });

/** Whether something can be encrypted for a key. */
function isPoint(p256dh: string): boolean {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  try {
    return ecdh.computeSecret(p256dh, 'base64url').length > 0;
  } catch {
    return false;
  }
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

/**
 * Whether an address is one that a push service gives out. This server posts there: any other host would be a way into
 * the network it stands in. A service may be named by `*.` and its domain.
 */
export function isPushService(endpoint: string, services: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, href } = new URL(endpoint);
  // As it is written: nothing that one reader of addresses could take otherwise than another.
  const loopback = LOOPBACK.has(hostname) && protocol === 'http:';
  const safe = href === endpoint && (loopback || (protocol === 'https:' && port === ''));
  const known = services.some((service) =>
    service.startsWith('*.') ? hostname.endsWith(service.slice(1)) : hostname === service,
  );
  return safe && known && !/[@#]/.test(endpoint);
}
