import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.js';
import { ENVIRONMENT_NAMES } from '../../src/config/variables.js';
import { VERSION } from '../../src/config/version.js';
import { CORS } from '../../src/http/request/cors.js';

const read = (file: string) => readFileSync(file, 'utf8');

describe('What stands in two places is the same', () => {
  it('.env.example names every variable that is read, with its default, and no other', () => {
    const lines = read('.env.example')
      .split('\n')
      .filter((line) => /^\w+=/.test(line));
    const example = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    expect(Object.keys(example).sort()).toEqual([...ENVIRONMENT_NAMES].sort());
    expect(loadConfig(example)).toEqual(loadConfig({}));
  });

  it('the gateway’s CORS is the app’s', () => {
    const gateway = parse(read('infra/cors.yml')) as Record<string, unknown>;
    expect(gateway).toMatchObject({
      allowedMethods: CORS.methods,
      allowedHeaders: expect.arrayContaining(['*', 'Authorization']),
      exposedResponseHeaders: CORS.exposedHeaders,
      maxAge: CORS.maxAge,
    });
  });

  it('the version of the API is the package’s, and the change log has it', () => {
    expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
    expect(read('CHANGELOG.md')).toContain(`## ${VERSION}`);
  });

  it('every dependency has its line in docs/decisions', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      read('package.json'),
    ) as Record<string, Record<string, string>>;
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const decided = read('docs/decisions/0001-dependencies.md');
    expect(names.filter((name) => !decided.includes(`\`${name}\``))).toEqual([]);
  });
});
