import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { sharedDirectory } from '../support/environment.js';
import { photo } from '../support/photos.js';
import { TestApp } from '../support/test-app.js';
import type { SocketApp } from '../support/socket-app.js';

describe('The README’s curl lines', () => {
  it('do what they say, one after the other', () =>
    TestApp.with({}, async (app) => {
      const section = /## Try it\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
      const blocks = [...section.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
      const script = blocks
        .join('')
        .replace('http://localhost:3000', (app.running as SocketApp).url)
        .replaceAll(/^curl -s (.*)$/gm, 'curl -sf $1; echo');
      const cwd = await mkdtemp(join(sharedDirectory, 'readme-'));
      await writeFile(join(cwd, 'photo.jpg'), await photo());
      const { stdout } = await promisify(execFile)('bash', ['-euc', script], { cwd });
      const answers = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line));
      const [resume] = answers.splice(-4, 1);
      expect(answers.map(({ success }) => success)).toEqual(Array(16).fill(true));
      expect(answers[2].data).toHaveLength(1);
      expect(answers[3].data[0].title).toBe('Restring the guitar');
      expect(answers[4].data.nextDates.slice(0, 2)).toEqual(['2030-06-24', '2030-06-25']);
      expect(answers[5].data.heatmap).toHaveLength(366);
      expect(answers[6].data.url).toContain('/v1/quests/calendar.ics?token=');
      const { format, width, height } = await sharp(join(cwd, 'thumbnail.webp')).metadata();
      expect([format, width, height]).toEqual(['webp', 400, 400]);
      expect(answers[8].data[0].images[0].id).toBe(answers[7].data.imageId);
      expect(answers[9].data.status).toBe('published');
      expect(answers[10].data.title).toBe('Setting the intonation');
      expect(answers[11].data).toEqual({ count: 1, tracked: true });
      expect(answers[12].data.at(-1).visitors).toBe(1);
      expect(answers[13].data.actions[0].summary).toBe('Added the task “Restring the Telecaster”');
      expect(answers[14].data.assistantMessage.content).toContain('Restring the Telecaster');
      expect(answers[15].data).toMatchObject({ tool: 'delete_quest', status: 'done' });
      expect(stdout).toContain('<title type="html"><![CDATA[Setting the intonation]]></title>');
      expect(resume.$schema).toContain('jsonresume');
      expect(stdout).toContain('"Fender","Stratocaster","1964",');
    }));
});
