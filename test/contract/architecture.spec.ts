import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => join('src', file));

const imports = files.flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(/from '(\.{1,2}\/[^']+)\.js'|import\('(\.{1,2}\/[^']+)\.js'\)/g),
  ].map(([, specifier, dynamic]) => ({
    file: relative('src', file),
    target: relative('src', join(dirname(file), `${specifier ?? dynamic}.ts`)),
  })),
);

/** `modules/quests`, `http`, `platform`, … and '' for what lies in src itself. */
const areaOf = (path: string) => {
  const [area = '', name = '', ...rest] = path.split('/');
  if (name === '') return '';
  return area === 'modules' && rest.length > 0 ? `${area}/${name}` : area;
};

/** Which module may use which other, through what it exports. */
const MODULE_ARROWS = new Set([
  'modules/analytics → modules/blog',
  'modules/analytics → modules/certifications',
  'modules/analytics → modules/portfolio',
  'modules/analytics → modules/projects',
  'modules/auth → modules/audit',
  'modules/auth → modules/invites',
  'modules/auth → modules/users',
  'modules/blog → modules/portfolio',
  'modules/certifications → modules/notifications',
  'modules/certifications → modules/portfolio',
  'modules/certifications → modules/users',
  'modules/chat → modules/blog',
  'modules/chat → modules/context',
  'modules/chat → modules/guitars',
  'modules/chat → modules/memories',
  'modules/chat → modules/portfolio',
  'modules/chat → modules/quests',
  'modules/chat → modules/users',
  'modules/guitars → modules/images',
  'modules/invites → modules/users',
  'modules/privacy → modules/auth',
  'modules/privacy → modules/users',
  'modules/notifications → modules/users',
  'modules/projects → modules/portfolio',
  'modules/quests → modules/notifications',
  'modules/quests → modules/users',
  'modules/resume → modules/certifications',
  'modules/resume → modules/projects',
  'modules/users → modules/audit',
]);
const ALLOWED: Record<string, readonly string[]> = {
  docs: ['config'],
  config: [],
  platform: ['config'],
  http: ['platform', 'config'],
  modules: ['http', 'platform', 'config'],
  local: ['', 'http', 'platform', 'config', 'workers'],
  triggers: ['platform', 'config'],
  workers: ['', 'modules', 'http', 'platform', 'config'],
};

describe('Imports', () => {
  it('point one way: modules → http, platform, config; http → platform, config; platform → config', () => {
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [areaOf(file), areaOf(target)];
      if (from === '' || from === to) return false;
      if (from.startsWith('modules/') && to.startsWith('modules/'))
        return !MODULE_ARROWS.has(`${from} → ${to}`);
      return !ALLOWED[from.split('/')[0] ?? '']?.includes(to.split('/')[0] ?? '');
    });
    expect(wrong).toEqual([]);
  });

  it('between modules have no cycle', () => {
    const next = (area: string) =>
      [...MODULE_ARROWS]
        .filter((arrow) => arrow.startsWith(`${area} → `))
        .map((arrow) => arrow.split(' → ')[1] ?? '');
    const reaches = (from: string, wanted: string): boolean =>
      next(from).some((area) => area === wanted || reaches(area, wanted));
    const modules = new Set(
      files.map((file) => areaOf(relative('src', file))).filter((area) => area.startsWith('modules/')),
    );
    expect([...modules].filter((module) => reaches(module, module))).toEqual([]);
  });

  it('reach the AWS SDK in platform, repositories and the local stand-ins only', () => {
    const users = files.filter((file) => readFileSync(file, 'utf8').includes("from '@aws-sdk/"));
    expect(users.filter((file) => !/src\/(platform|local)\/|\.repository\.ts$/.test(file))).toEqual([]);
  });

  it('leave the environment to src/config', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(file, 'utf8')));
    expect(readers.filter((file) => !file.startsWith('src/config/'))).toEqual([]);
  });
});

describe('The code', () => {
  it('scans no table, but to write the file of an embedded one anew', () => {
    const ofRequests = files.filter((file) => file !== 'src/local/rebuilt-database.ts');
    const sources = [...ofRequests, 'serverless.yml', 'infra/table.yml'];
    expect(sources.filter((file) => /ScanCommand|dynamodb:Scan/.test(readFileSync(file, 'utf8')))).toEqual(
      [],
    );
  });

  it('has no drawer for everything, and no re-exports', () => {
    expect(
      files.filter((file) => /\/(index|utils?|helpers?|common)\.ts$|\/(utils|common|helpers)\//.test(file)),
    ).toEqual([]);
  });
});
