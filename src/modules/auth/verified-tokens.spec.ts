import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestClock } from '../../../test/support/clock.js';
import type { IdentityProvider, JsonWebKeySet } from '../../platform/identity/identity-provider.js';
import { KeySet } from './key-set.js';
import { VerificationKeys } from './verification-keys.js';
import { VerifiedTokens } from './verified-tokens.js';

const publish = (kid: string) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
};

describe('What was verified', () => {
  let clock: TestClock;
  let published: JsonWebKeySet;
  let keys: VerificationKeys;
  let tokens: VerifiedTokens;
  const claims = (seconds: number) => ({ sub: 'ada', exp: clock.seconds() + seconds });

  beforeEach(async () => {
    clock = new TestClock();
    published = { keys: [publish('one'), publish('two')] };
    const identity = { tokens: { keySet: () => Promise.resolve(published) } } as unknown as IdentityProvider;
    keys = new VerificationKeys(new KeySet(identity, clock), clock);
    tokens = new VerifiedTokens(keys, clock);
    await keys.find('one');
  });

  it('is a key, which is parsed once in five minutes', async () => {
    const first = await keys.find('one');
    clock.forward({ seconds: 299 });
    expect(await keys.find('one')).toBe(first);
    clock.forward({ seconds: 1 });
    expect(keys.findKept('one')).toBeUndefined();
    expect((await keys.find('one'))?.equals(first as never)).toBe(true);
  });

  it('is no key that is not published', async () => {
    expect(await keys.find('three')).toBeUndefined();
  });

  it('is forgotten after a minute', () => {
    const ada = claims(3600);
    tokens.add('token', 'one', ada);
    clock.forward({ seconds: 59 });
    expect(tokens.find('token')).toBe(ada);
    clock.forward({ seconds: 1 });
    expect(tokens.find('token')).toBeUndefined();
  });

  it('is forgotten when the token expires', () => {
    tokens.add('token', 'one', claims(10));
    clock.forward({ seconds: 10 });
    expect(tokens.find('token')).toBeUndefined();
  });

  it('is forgotten with the key that it was verified with', async () => {
    clock.forward({ seconds: 270 });
    tokens.add('token', 'one', claims(3600));
    published = { keys: [publish('one')] };
    clock.forward({ seconds: 30 });
    await keys.find('one');
    expect(tokens.find('token')).toBeUndefined();
  });

  it('is found by the whole token alone', () => {
    tokens.add('header.payload.signature', 'one', claims(3600));
    expect(tokens.find('header.payload.another')).toBeUndefined();
    expect(tokens.find('')).toBeUndefined();
  });

  it('is at most 500 tokens, the latest ones', () => {
    for (let number = 0; number <= 500; number += 1) tokens.add(`token ${number}`, 'one', claims(3600));
    expect(tokens.find('token 0')).toBeUndefined();
    expect(tokens.find('token 1')).toBeDefined();
    expect(tokens.find('token 500')).toBeDefined();
  });
});
