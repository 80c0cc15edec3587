import { describe, expect, it } from '@jest/globals';
import { ArrayMaxSize, IsArray, IsString, Length, MaxLength } from 'class-validator';
import fc from 'fast-check';
import { check } from './check.js';
import { cleanInput } from './input.js';
import { FreeMap, IsOmittable, Nested, OpenFields, Verbatim } from './validation.decorators.js';

class Inner {
  /** A name that class-transformer takes for an array's method where an array arrives (0.5.1). */
  @IsOmittable()
  @IsString()
  push?: string = 'default';
}

class Sample {
  @IsOmittable()
  @Length(1, 10)
  title?: string;

  @IsOmittable()
  @Verbatim()
  @MaxLength(10)
  secret?: string;

  @IsOmittable()
  @IsArray()
  @ArrayMaxSize(2)
  @MaxLength(5, { each: true })
  tags?: string[];

  @IsOmittable()
  @Nested(() => Inner)
  inner?: Inner;

  @IsOmittable()
  @FreeMap()
  free?: object;
}

@OpenFields()
class Open {
  @IsOmittable()
  @IsString()
  known?: string;

  [name: string]: unknown;
}

const codesOf = async (value: object) => (await check(Sample, value)).details.map(({ code }) => code);
const inherited = Object.getOwnPropertyNames(Object.prototype);
const neverKept = ['__proto__', 'constructor', ''];

describe('What is sent for a DTO', () => {
  it('is the same the second time: what was kept once is kept', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (free) => {
        const once = cleanInput({ free }, Sample);
        if (once.faults.length > 0) return;
        expect(cleanInput(once.value, Sample)).toEqual(once);
      }),
    );
  });

  it.each([...inherited, ''])('may not have a field called "%s"', async (name) => {
    const sent = JSON.parse(`{"title":"a",${JSON.stringify(name)}:{"admin":true}}`) as object;
    expect(await codesOf(sent)).toEqual(['unknownField']);
    const nested = JSON.parse(`{"inner":{${JSON.stringify(name)}:"x"}}`) as object;
    expect(await codesOf(nested)).toEqual(['unknownField']);
  });

  it.each(inherited.filter((name) => !neverKept.includes(name)))(
    'keeps "%s" in a free map exactly as it was sent',
    async (name) => {
      const map = { [name]: { [name]: 5, list: [{ [name]: 'x' }] } };
      const { dto, details } = await check(Sample, { free: map });
      expect(details).toEqual([]);
      expect(JSON.stringify(dto.free)).toBe(JSON.stringify(map));
      const open = await check(Open, map);
      expect(open.details).toEqual([]);
      expect(JSON.stringify(open.dto)).toBe(JSON.stringify(map));
    },
  );

  it.each(neverKept)('may have no "%s" in a free map, which the SDK would not keep', async (name) => {
    const free = JSON.parse(`{${JSON.stringify(name)}:{"a":1}}`) as object;
    expect(await codesOf({ free })).toEqual(['unknownField']);
  });

  it('is refused by its own validators where a list stands in the place of a nested DTO', async () => {
    for (const inner of [['a'], [[]], [{}], 'a', 1])
      expect((await codesOf({ inner })).length).toBeGreaterThan(0);
    const { dto, details } = await check(Sample, { inner: {} });
    expect([details, dto.inner]).toEqual([[], expect.any(Inner)]);
  });

  it('is not looked into where a list or a text is too long', async () => {
    const entries = Array.from({ length: 1000 }, () => '\ud800');
    expect(await codesOf({ tags: entries })).toEqual(['arrayMaxSize']);
    expect(await codesOf({ title: '\ud800'.repeat(1000) })).toEqual(['isLength']);
    expect(await codesOf({ tags: ['x'.repeat(1000)] })).toEqual(['maxLength']);
  });

  it('is measured in NFC: a text that is shorter then is taken', async () => {
    expect(await codesOf({ title: '각'.normalize('NFD').repeat(10) })).toEqual([]);
  });

  it('meets no validator where a text is broken', async () => {
    expect(await codesOf({ title: '\ud800', tags: 'none', unknown: 1 })).toEqual(['isWellFormed']);
  });
});
