import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly uses?: string;
  readonly steps?: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Record<string, string>;
  }[];
}

const read = (name: string) =>
  parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8')) as {
    readonly permissions: Record<string, string>;
    readonly jobs: Record<string, Job>;
  };
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe('The pipeline', () => {
  const { jobs, permissions } = read('deploy');
  const commandsOf = (name: string) => (jobs[name]?.steps ?? []).flatMap(({ run }) => run ?? []);

  it('checks, deploys dev, asks it from outside, and only then staging and prod, each after an approval', () => {
    const order = Object.entries(jobs).map(([name, { needs }]) => [name, needs]);
    expect(order).toEqual([
      ['check', undefined],
      ['dev', 'check'],
      ['e2e', 'dev'],
      ['staging', 'e2e'],
      ['prod', 'staging'],
    ]);
    for (const stage of ['dev', 'staging', 'prod']) {
      expect(jobs[stage]?.environment).toBe(stage);
      expect(commandsOf(stage).map((run) => run.split(' ').slice(0, 3).join(' '))).toEqual([
        'npm ci --no-audit',
        'npx sls deploy',
        'npm run --silent',
        'npm run smoke',
      ]);
    }
    expect(commandsOf('e2e').at(-1)).toContain('npm run test:stage');
  });

  it('stores no key: a role is taken by GitHub’s own token', () => {
    expect(permissions['id-token']).toBe('write');
    const text = readFileSync('.github/workflows/deploy.yml', 'utf8');
    expect(text).not.toMatch(/AWS_ACCESS_KEY|AWS_SECRET/);
    for (const { steps = [] } of Object.values(jobs))
      for (const step of steps.filter(({ uses }) => uses?.startsWith('aws-actions/')))
        expect(step.with?.['role-to-assume']).toBe('${{ vars.AWS_ROLE_ARN }}');
  });

  it('runs only commands that there are', () => {
    const runs = [read('check'), read('deploy')].flatMap(({ jobs: all }) =>
      Object.values(all).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? [])),
    );
    const names = runs.flatMap((run) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name),
    );
    expect(names.filter((name) => !(String(name) in scripts))).toEqual([]);
    expect(names.length).toBeGreaterThan(4);
  });
});
