import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/test-app.js';
import type { SocketApp } from '../support/socket-app.js';

describe('The README’s curl lines', () => {
  it('do what they say, one after the other', () =>
    TestApp.with({}, async (app) => {
      const block = /## Try it\n\n```bash\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
      const script = block
        .replace('http://localhost:3000', (app.running as SocketApp).url)
        .replaceAll(/^curl -s (.*)$/gm, 'curl -sf $1; echo');
      const { stdout } = await promisify(execFile)('bash', ['-euc', script]);
      const answers = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line));
      expect(answers.map(({ success }) => success)).toEqual(Array(7).fill(true));
      expect(answers[2].data).toHaveLength(1);
      expect(answers[3].data[0].title).toBe('Restring the guitar');
      expect(answers[4].data.nextDates.slice(0, 2)).toEqual(['2030-06-24', '2030-06-25']);
      expect(answers[5].data.heatmap).toHaveLength(366);
      expect(answers[6].data.url).toContain('/v1/quests/calendar.ics?token=');
    }));
});
