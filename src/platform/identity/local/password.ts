import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** scrypt's cost (RFC 7914). It stands beside each hash, so that it can rise. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** On OWASP's list of equal strengths; takes 16 MB a hash, where N = 2^17 takes 128 MB. */
export const CURRENT_COST: ScryptCost = { N: 2 ** 14, r: 8, p: 5 };

export interface PasswordHash {
  /** `base64(salt):base64(key)`, 32 bytes of salt and 64 of key (seed 002). */
  readonly hash: string;
  readonly cost: ScryptCost;
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(32);
  const key = await queue.run(() => scryptOf(password, salt, CURRENT_COST));
  return { hash: `${salt.toString('base64')}:${key.toString('base64')}`, cost: CURRENT_COST };
}

/** Whether the password is the one, in constant time. Without a hash it takes as long and says no. */
export async function verifyPassword(password: string, stored: PasswordHash | undefined): Promise<boolean> {
  const { hash, cost } = stored ?? NOBODY;
  const [salt = '', key = ''] = hash.split(':').map((part) => Buffer.from(part, 'base64'));
  const derived = await queue.wait(() => scryptOf(password, Buffer.from(salt), cost));
  return timingSafeEqual(derived, Buffer.from(key)) && stored !== undefined;
}

const NOBODY: PasswordHash = {
  hash: `${Buffer.alloc(32).toString('base64')}:${Buffer.alloc(64).toString('base64')}`,
  cost: CURRENT_COST,
};

/** So many passwords wait to be hashed that the next one would wait too long. */
export class HashingBusy extends Error {
  override readonly name = 'HashingBusy';

  constructor(readonly retryAfterSeconds: number) {
    super('Too many passwords are being hashed');
  }
}

/**
 * Lets a password wait for its hash for some seconds at the most: a request that would run out of time after it has cost a
 * hash is refused before. How long one takes is learnt from those before it.
 */
export class HashQueue {
  private waiting = 0;
  /** Milliseconds from one finished hash to the next. */
  private interval = 0;

  constructor(
    private readonly longestWaitMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** For what must not begin unless a hash can follow. @throws {HashingBusy} */
  assertRoom(): void {
    const wait = this.waiting * this.interval;
    if (wait > this.longestWaitMs) throw new HashingBusy(Math.ceil(wait / 1000));
  }

  /** @throws {HashingBusy} */
  async run<T>(hash: () => Promise<T>): Promise<T> {
    this.assertRoom();
    return this.wait(hash);
  }

  /** Whoever has been let in waits however long it takes. */
  async wait<T>(hash: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const began = this.now();
    const before = this.waiting;
    try {
      return await hash();
    } finally {
      const taken = (this.now() - began) / before;
      this.interval = this.interval === 0 ? taken : (3 * this.interval + taken) / 4;
      this.waiting -= 1;
    }
  }
}

/** Three quarters of what an answer may take. */
const queue = new HashQueue(6000);

/** Before an attempt is counted as failed: a refusal for want of room is no wrong password. @throws {HashingBusy} */
export const assertRoomToVerify = (): void => queue.assertRoom();

function scryptOf(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 64, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
