import { describe, expect, it } from '@jest/globals';
import { Clock } from './clock.js';
import { idsFrom, IdSource, instantOf } from './ids.js';
import { RequestContext, requestContext } from './request-context.js';

class StillClock extends Clock {
  override now(): Date {
    return new Date('2025-01-01T00:00:00Z');
  }
}

describe('Ids', () => {
  const ids = new IdSource(new StillClock());

  it('are UUIDs of version 7 in the order in which they were made, within a millisecond too', () => {
    const made = Array.from({ length: 1000 }, () => ids.next());
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(1000);
    for (const id of made) expect(id).toMatch(/^01941f29-7c00-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('under a reservation are the same in every run, and others under another', () => {
    const run = (seed: string) =>
      requestContext.run(new RequestContext('r', '/', 1000), () => {
        const context = requestContext.current();
        if (context) context.reservation = { seed, startedAt: 1_735_689_600_000, taken: 0, resumed: false };
        return [ids.next(), ids.next()];
      });
    expect(run('a')).toEqual(run('a'));
    expect(run('a')).not.toEqual(run('b'));
    expect(new Set(run('a')).size).toBe(2);
  });

  it('that are made after another sort after it, also when that was made by a clock ahead', () => {
    const first = ids.next();
    expect(ids.after(first) > first).toBe(true);
    const ahead = '01941f29-7c01-7fff-bfff-0000000000ff';
    expect(ids.after(ahead)).toBe('01941f29-7c01-7fff-bfff-000000000100');
  });

  it('tell when they were made, and where those of an instant begin', () => {
    const id = ids.next();
    expect(instantOf(id).toISOString()).toBe('2025-01-01T00:00:00.000Z');
    expect(id.startsWith(idsFrom(instantOf(id)))).toBe(true);
    expect(idsFrom(new Date(instantOf(id).getTime() + 1)) > id).toBe(true);
  });
});
