import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tokensOf } from '../../../platform/ai/model.js';
import { type Material, promptOf } from './prompt.js';
import { type Round, roundOf, resultText, toolCallsOf } from './round.js';

const BUDGET = 2000;
const NOTHING: Material = { today: '2025-06-25', timezone: 'UTC', history: [], contexts: [], memories: [] };

const said = (content: string, role: 'user' | 'assistant' = 'user') => ({ role, content });
const round = (number: number, result: string): Round => ({
  number,
  content: '',
  calls: [{ name: 'list_quests', arguments: JSON.stringify({ text: result }) }],
  tokens: { in: 0, out: 0 },
  results: [
    {
      content: result,
      action: {
        id: null,
        tool: 'list_quests',
        status: 'done',
        summary: '',
        resource: null,
        error: null,
        expiresAt: null,
      },
    },
  ],
});

describe('A prompt', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { maxLength: 25 });
  const question = fc.record({
    message: fc.string({ unit: 'grapheme', maxLength: 300 }),
    history: texts.map((list) => list.map((content) => said(content))),
    memories: texts.map((list) => list.map((content) => ({ content }))),
    contexts: texts.map((list) => list.map((data, n) => ({ contextType: `type-${n}`, data }))),
    rounds: fc
      .array(fc.string({ maxLength: 900 }), { maxLength: 5 })
      .map((list) => list.map((text, n) => round(n, JSON.stringify({ result: text })))),
  });

  it('stays within the budget, holds the message, and the last messages without a gap', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const messages = promptOf({ ...NOTHING, ...asked, tools: [] }, BUDGET);
        const size = messages.reduce(
          (sum, message) =>
            sum +
            tokensOf(message.content + ('toolCalls' in message ? JSON.stringify(message.toolCalls) : '')),
          0,
        );
        // The instructions, the message and the last round are always there.
        const fixed = tokensOf(asked.message) + tokensOf(JSON.stringify(asked.rounds.at(-1) ?? '')) + 600;
        expect(size).toBeLessThanOrEqual(Math.max(BUDGET, fixed));
        const position = messages.findLastIndex(({ role }) => role === 'user');
        expect(messages[position]?.content).toBe(asked.message);
        const history = messages.slice(1, position).map(({ content }) => content);
        expect(history).toEqual(
          asked.history.slice(asked.history.length - history.length).map(({ content }) => content),
        );
        const tools = messages.filter((told) => told.role === 'tool' && told.toolCallId !== 'recall');
        expect(tools).toHaveLength(asked.rounds.length);
      }),
    );
  });

  it('names first what shares words with the message', () => {
    const memories = Array.from({ length: 30 }, (_, n) => ({ content: `Something else ${n}` }));
    memories.push({ content: 'The Telecaster has .010 STRINGS' });
    const messages = promptOf(
      { ...NOTHING, memories, message: 'which strings?', rounds: [], tools: [] },
      9000,
    );
    const { remembered } = (
      JSON.parse(messages.at(-1)?.content ?? '{}') as { result: { remembered: string[] } }
    ).result;
    expect(remembered).toHaveLength(20);
    expect(remembered.slice(0, 2)).toEqual(['The Telecaster has .010 STRINGS', 'Something else 0']);
  });

  it('leaves out what earlier rounds answered before it leaves out what the last one did', () => {
    const rounds = [0, 1, 2].map((n) => round(n, JSON.stringify({ result: 'x'.repeat(3000) })));
    const messages = promptOf({ ...NOTHING, message: 'Go on', rounds, tools: [] }, BUDGET);
    const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => content.length > 100);
    expect(results).toEqual([false, false, true]);
  });
});

describe('What a model asks for', () => {
  const reply = (calls: readonly { name: string; arguments: string }[]) => ({
    content: '',
    toolCalls: calls.map((call) => ({ id: 'same', ...call })),
    model: 'm',
    tokens: { in: 1, out: 1 },
  });

  it('is kept in no more bytes than fit, whatever it is', () => {
    const call = fc.record({
      name: fc.string(),
      arguments: fc.string({ maxLength: 200 }).map((text) => text.repeat(500)),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
        const kept = roundOf(0, reply(calls));
        expect(kept.calls.length).toBeLessThanOrEqual(9);
        expect(
          Buffer.byteLength(JSON.stringify(kept.calls.map((each) => each.arguments).join(''))),
        ).toBeLessThan(400_000);
        for (const { name } of kept.calls) expect(name).toMatch(/^[\w-]{1,64}$/);
        expect(new Set(toolCallsOf(kept).map(({ id }) => id)).size).toBe(kept.calls.length);
        for (const shown of toolCallsOf(kept)) expect(typeof JSON.parse(shown.arguments)).toBe('object');
      }),
      { numRuns: 30 },
    );
  });

  it('is answered in JSON that leaves room for the other calls: a list loses its end, anything else is cut', () => {
    const items = fc.array(fc.string({ maxLength: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 9 }), (list, calls) => {
        const most = Math.max(1024, Math.floor((24 * 1024) / calls));
        const shown = resultText({ items: list, more: false }, calls);
        expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(most);
        const { result } = JSON.parse(shown) as { result: { items: string[]; more: boolean } };
        expect(result.items).toEqual(list.slice(0, result.items.length));
        expect(result.more).toBe(result.items.length < list.length);
        const cut = resultText({ text: list.join('') }, calls);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most + 200);
        expect(JSON.parse(cut)).toHaveProperty('result');
      }),
      { numRuns: 50 },
    );
  });
});
