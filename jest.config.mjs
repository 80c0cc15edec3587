const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
};

/** A build, the embedded servers and the unzipped packages: unit tests need none of them. */
const withServers = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

/** What asks for little but HTTP, and so can be asked of a deployment that is there already; the rest of it is `inside`. */
const FROM_OUTSIDE = [
  'batch',
  'calendar',
  'context',
  'goals',
  'guitar-files',
  'guitar-lists',
  'guitars',
  'http',
  'idempotency',
  'images',
  'notifications',
  'quest-lists',
  'quests',
  'recurrence',
  'seed-examples',
  'statistics',
  'system',
  'users',
];
const STAGE = {
  ...withServers,
  displayName: 'stage',
  testMatch: FROM_OUTSIDE.map((name) => `<rootDir>/test/e2e/${name}.spec.ts`),
  globals: { HEARTH_TRANSPORT: 'remote' },
};

/** Run by themselves (`npm run test:long`): beside others they take several minutes. */
const LONG = [
  '<rootDir>/test/security/hostile-values.spec.ts',
  '<rootDir>/test/security/lockout.spec.ts',
  '<rootDir>/test/security/takeover-cognito.spec.ts',
  '<rootDir>/test/security/takeover-local.spec.ts',
];

/** With `npm run test:endpoint`: what costs and starts on a laptop are the embedded engine's, and lists may be late. */
const OTHER_ENGINE = process.env.HEARTH_TEST_ENDPOINT !== undefined;
const OF_THE_EMBEDDED_ENGINE = OTHER_ENGINE
  ? ['<rootDir>/test/contract/access-patterns', '<rootDir>/test/deployment/', '<rootDir>/test/local/']
  : [];

/** @type {import('jest').Config} */
export default {
  // Much of a test is waiting: one process a core, also where Jest would leave one free.
  maxWorkers: '100%',
  // Against what hangs, not a measure: a busy machine takes several times as long as a quiet one.
  testTimeout: 300_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.dto.ts', '!src/**/*.module.ts'],
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    {
      ...withServers,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/lambda/', ...LONG, ...OF_THE_EMBEDDED_ENGINE],
      setupFilesAfterEnv: OTHER_ENGINE ? ['<rootDir>/test/support/repeat-failed.mjs'] : [],
      globals: { HEARTH_TRANSPORT: 'socket' },
    },
    {
      ...withServers,
      displayName: 'bundle',
      testMatch: ['<rootDir>/test/e2e/**/*.spec.ts', '<rootDir>/test/lambda/**/*.spec.ts'],
      globals: { HEARTH_TRANSPORT: 'lambda' },
    },
    { ...withServers, displayName: 'long', testMatch: LONG, globals: { HEARTH_TRANSPORT: 'socket' } },
    ...(process.env.BASE_URL ? [STAGE] : []),
  ],
};
