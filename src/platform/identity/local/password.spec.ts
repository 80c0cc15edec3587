import { scryptSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { HashingBusy, HashQueue, hashPassword, verifyPassword } from './password.js';
import { delayAfter } from './sign-in-throttle.js';

describe('A stored password', () => {
  it('is base64(salt):base64(key) of 32 and 64 bytes, made by scrypt at the cost beside it (seed 002)', async () => {
    const { hash, cost } = await hashPassword('Corr3ct-horse');
    const [salt, key] = hash.split(':').map((part) => Buffer.from(part, 'base64'));
    expect([salt?.length, key?.length]).toEqual([32, 64]);
    expect(cost).toEqual({ N: 16_384, r: 8, p: 5 });
    expect(scryptSync('Corr3ct-horse', salt ?? '', 64, { ...cost, maxmem: 2 ** 26 })).toEqual(key);
  });

  it('is another each time', async () => {
    expect((await hashPassword('a')).hash).not.toBe((await hashPassword('a')).hash);
  });

  it('is checked at the cost it was made with', async () => {
    const stored = { hash: '', cost: { N: 1024, r: 8, p: 1 } };
    const salt = Buffer.alloc(32, 1);
    const key = scryptSync('old', salt, 64, stored.cost);
    const old = { ...stored, hash: `${salt.toString('base64')}:${key.toString('base64')}` };
    expect(await verifyPassword('old', old)).toBe(true);
    expect(await verifyPassword('new', old)).toBe(false);
  });

  it('of nobody matches nothing', async () => {
    expect(await verifyPassword('', undefined)).toBe(false);
  });
});

describe('Passwords that wait to be hashed', () => {
  it('are refused once the wait would be too long, and taken again when it is not', async () => {
    let now = 0;
    const queue = new HashQueue(1000, () => now);
    // One takes 300 ms; four may wait for it.
    await queue.run(async () => {
      now += 300;
    });
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const waiting = Array.from({ length: 4 }, () => queue.run(() => held));
    await expect(queue.run(() => held)).rejects.toThrow(HashingBusy);
    now += 300;
    finish();
    await Promise.all(waiting);
    await expect(queue.run(async () => 'hash')).resolves.toBe('hash');
  });
});

describe('The wait after failed sign-ins', () => {
  it('is Cognito’s: none for four, then 1 s, doubled, at most 15 minutes', () => {
    expect([0, 4, 5, 6, 7, 14, 15, 100].map((failures) => delayAfter(failures, 5))).toEqual([
      0, 0, 1, 2, 4, 512, 900, 900,
    ]);
  });
});
