import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from './clock.js';
import { requestContext } from './request-context.js';

/**
 * Ids are UUIDv7 (RFC 9562): their order is the order of creation, also within one millisecond of one process.
 * Under an Idempotency-Key they are derived from its reservation instead of drawn, so that a request
 * which is run again after a crash meets what its first run made.
 */
@Injectable()
export class IdSource {
  private milliseconds = 0;
  private sequence = 0;

  constructor(private readonly clock: Clock) {}

  next(): string {
    const reservation = requestContext.current()?.reservation;
    if (reservation) {
      reservation.taken += 1;
      const random = createHash('sha256').update(`${reservation.seed}#${reservation.taken}`).digest();
      const seq = (sequenceOf(reservation.seed) + reservation.taken) >>> 0;
      return uuidv7({ msecs: reservation.startedAt, random, seq });
    }
    return this.fresh();
  }

  /** For a reservation: the ids that follow from it keep the order of their requests. */
  seed(): string {
    return this.fresh();
  }

  /** Sorts after another id, whatever this machine's clock says; always another one. */
  after(other: string): string {
    const fresh = this.fresh();
    if (fresh > other) return fresh;
    const last = Number.parseInt(other.slice(-12), 16) + 1;
    return other.slice(0, -12) + last.toString(16).padStart(12, '0');
  }

  private fresh(): string {
    const random = randomBytes(16);
    const now = this.clock.now().getTime();
    if (now > this.milliseconds) {
      this.milliseconds = now;
      this.sequence = random.readUInt32BE(0) >>> 1;
    } else {
      this.sequence += 1;
    }
    return uuidv7({ msecs: this.milliseconds, seq: this.sequence, random });
  }
}

/** The 32 bits by which ids of one millisecond are ordered; of what is no id, any. */
function sequenceOf(seed: string): number {
  const bytes = UUID.test(seed)
    ? Buffer.from(seed.replaceAll('-', ''), 'hex').subarray(6, 11)
    : createHash('sha256').update(seed).digest().subarray(0, 5);
  const [b6 = 0, b7 = 0, b8 = 0, b9 = 0, b10 = 0] = bytes;
  return (((b6 & 0x0f) << 28) | (b7 << 20) | ((b8 & 0x3f) << 14) | (b9 << 6) | (b10 >>> 2)) >>> 0;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** When a UUIDv7 was made. */
export const instantOf = (id: string): Date =>
  new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));

/** Where the ids of an instant begin. */
export function idsFrom(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
