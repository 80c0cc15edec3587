// The templates of deployments of all kinds, for tests of them: `.serverless/templates/<kind>.json`. Packaged from
// copies of this directory, since the framework keeps one package in it, which others may be looking at.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LIMIT_MS = 3 * 60_000;
const INTO = '.serverless/templates';
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000';
const MAIN = 'serverless.yml';
const GLOBAL = 'serverless.global.yml';

const EVERYTHING = {
  appUrl: 'https://app.example.com',
  corsOrigins: 'https://app.example.com,https://www.example.com',
  ownerEmail: 'owner@example.com',
  refreshGraceSeconds: '10',
  acceptedClientIds: 'phone,scripts',
  threatProtection: 'ENFORCED',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  apiDomain: 'api.example.com',
  imagesDomain: 'images.example.com',
  frontend: 'true',
  frontendDomain: 'app.example.com',
  globalCertificateArn: CERTIFICATE,
  mailDomain: 'example.com',
  mailVerified: 'true',
  firewall: 'true',
  webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/hearth/00000000-0000-4000-8000-000000000000',
  replicaRegion: 'eu-west-1',
  alarmEmail: 'owner@example.com',
};
const GIVEN = {
  userPoolId: 'eu-north-1_Abc123',
  userPoolClientId: '0123456789abcdefghijklmnop',
  refreshRotation: 'false',
  apiDomain: 'api.example.com',
  apiCertificateArn: CERTIFICATE.replace('us-east-1', 'eu-north-1'),
};
const OWN_DOMAIN = { hostedZoneId: 'Z0123456789ABCDEFGHIJ', apiDomain: 'api.example.com' };
const GLOBALLY = {
  domains: 'images.example.com,app.example.com',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  firewall: 'true',
  distributionIds: 'E0123456789AB,E0123456789CD',
  budgetEmail: 'owner@example.com',
};

/** By name: the service, its stage, and what its parameters are. */
const KINDS = {
  dev: [MAIN, 'dev', {}],
  staging: [MAIN, 'staging', {}],
  prod: [MAIN, 'prod', {}],
  everything: [MAIN, 'prod', EVERYTHING],
  given: [MAIN, 'staging', GIVEN],
  local: [MAIN, 'dev', { authProvider: 'local', ...OWN_DOMAIN }],
  global: [GLOBAL, 'prod', GLOBALLY],
};

function copyOfThis() {
  const directory = mkdtempSync(join(tmpdir(), 'hearth-template-'));
  for (const name of ['infra', 'openapi', 'dist', 'node_modules', 'scripts', 'src', 'package.json'])
    symlinkSync(resolve(name), join(directory, name));
  for (const name of [MAIN, GLOBAL]) copyFileSync(name, join(directory, name));
  return directory;
}

async function write(kind) {
  const [config, stage, parameters] = KINDS[kind];
  const directory = copyOfThis();
  try {
    await packaged(directory, config, stage, parameters);
    copyFileSync(
      join(directory, '.serverless/cloudformation-template-update-stack.json'),
      join(INTO, `${kind}.json`),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function packaged(directory, config, stage, parameters) {
  const options = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
  const command = [
    'node_modules/.bin/serverless',
    'package',
    '--config',
    config,
    '--stage',
    stage,
    ...options,
  ];
  const child = spawn('node', command, { cwd: directory, timeout: LIMIT_MS });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (status) =>
      status === 0 ? done() : fail(new Error(`serverless ${command.slice(1).join(' ')}: ${output}`)),
    );
  });
}

execFileSync('node', ['scripts/build-if-needed.mjs'], { stdio: 'inherit' });
mkdirSync(INTO, { recursive: true });
const waiting = Object.keys(KINDS);
/** Two at a time. */
await Promise.all(
  [0, 1].map(async () => {
    for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) {
      await write(kind);
      process.stdout.write(`${INTO}/${kind}.json\n`);
    }
  }),
);
