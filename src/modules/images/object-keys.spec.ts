import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerOfObject, ownerOfUpload, safeName, storedKeys, uploadKeyOf } from './object-keys.js';

const USER = '0197f000-0000-7000-8000-000000000001';
const ID = '0197f000-0000-7000-8000-000000000002';

describe('Keys of objects', () => {
  it('of any file name stay in their user’s folder, in plain characters, of bounded length', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc
        .array(fc.constantFrom('..', '/', '\\', '.', '\0', '%2e%2e', '\u202E', ' ', 'a'), { maxLength: 30 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(name, (fileName) => {
        const key = uploadKeyOf(USER, ID, fileName, 'image/png');
        expect(key).toMatch(new RegExp(`^uploads/${USER}/${ID}-[A-Za-z0-9_-]{1,80}\\.png$`));
        expect(ownerOfUpload(key)).toEqual({ userId: USER, id: ID });
      }),
      { numRuns: 5000 },
    );
  });

  it('keep what is readable of a name', () => {
    expect(safeName('Été à la plage.JPG', 'image/jpeg')).toBe('Ete-a-la-plage.jpg');
    expect(safeName('two.dots.jpeg', 'image/jpeg')).toBe('two-dots.jpg');
  });

  it('of stored objects tell whose they are, and of anything else nothing', () => {
    const { key, thumbnailKey } = storedKeys('receipt', USER, ID, 'a'.repeat(64), 'application/pdf');
    for (const each of [key, thumbnailKey]) expect(ownerOfObject(each)).toEqual({ userId: USER, id: ID });
    for (const each of [
      '',
      'images/',
      `images/${USER}`,
      `images/${USER}/${ID}.jpg`,
      `${key}/x`,
      `x/${key}`,
      `uploads/${USER}/${ID}-a.jpg`,
    ])
      expect(ownerOfObject(each)).toBeUndefined();
    for (const each of [
      key,
      `uploads/${USER}/${ID}-a/../b.jpg`,
      `uploads/${USER}/x-a.jpg`,
      `uploads/a/b/${ID}-a.jpg`,
    ])
      expect(ownerOfUpload(each)).toBeUndefined();
  });
});
