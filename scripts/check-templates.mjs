// Holds CloudFormation templates against AWS's own validator and cdk-nag's AwsSolutions, offline:
// npm run check-templates [-- --json] [file …]; without files, those that npm run templates wrote.
// A finding of cdk-nag may be acknowledged, with its reason, in infra/acknowledged.cjs.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { refuse } from './command-line.mjs';

const require = createRequire(import.meta.url);
const { App, Stack, Validations } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks } = require('cdk-nag');
// AWS ships it within the CDK.
const { CompositeEngine, TemplateFile } = createRequire(require.resolve('aws-cdk-lib'))(
  '@aws/cloudformation-validate',
);
const { ACKNOWLEDGED } = require('../infra/acknowledged.cjs');

const TEMPLATES = '.serverless/templates';
const regionOf = (file) => (basename(file).startsWith('global') ? 'us-east-1' : 'eu-north-1');

const engine = new CompositeEngine();

function validate(file) {
  const pseudoParameterOverrides = { region: regionOf(file) };
  const { diagnostics } = engine.validateTemplate(new TemplateFile(file), { pseudoParameterOverrides });
  return diagnostics
    .filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL')
    .map(({ ruleId, message, entity }) => ({ rule: ruleId, on: entity?.logicalId ?? '', message }));
}

/** Every finding, warnings as well. */
function nag(file) {
  const outdir = mkdtempSync(join(tmpdir(), 'hearth-nag-'));
  const report = join(outdir, 'validation-report.json');
  const { error } = console;
  // It prints its report, and throws when there are findings; the file says both better.
  Object.assign(console, { error: () => undefined });
  try {
    const app = new App({ outdir });
    const env = { region: regionOf(file), account: '123456789012' };
    const stack = new Stack(app, 'Stack', { env });
    const template = new CfnInclude(stack, 'Template', { templateFile: file });
    Validations.of(template).addPlugins(new AwsSolutionsChecks(app));
    try {
      app.synth();
    } catch (failure) {
      if (!existsSync(report)) throw failure;
    }
    const { pluginReports } = JSON.parse(readFileSync(report, 'utf8'));
    return pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, description, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({
          rule: ruleName.replace('AwsSolutions-', ''),
          on: constructPath.split('/').at(-1),
          message: description,
        })),
      ),
    );
  } finally {
    Object.assign(console, { error });
    rmSync(outdir, { recursive: true, force: true });
  }
}

const isAcknowledged = ({ rule, on }) =>
  ACKNOWLEDGED.some((each) => each.rule === rule && each.resources.test(on));

const [json, files] = [
  process.argv.includes('--json'),
  process.argv.slice(2).filter((each) => each !== '--json'),
];
if (files.length === 0 && !existsSync(TEMPLATES)) refuse('There are no templates yet: npm run templates');
const checked = (files.length > 0 ? files : readdirSync(TEMPLATES).map((name) => join(TEMPLATES, name))).map(
  (file) => {
    const errors = validate(file);
    // What is no template cannot be looked at any further.
    const found = errors.length > 0 ? [] : nag(file);
    return {
      file,
      errors,
      acknowledged: found.filter(isAcknowledged),
      unacknowledged: found.filter((each) => !isAcknowledged(each)),
    };
  },
);
if (json) {
  process.stdout.write(JSON.stringify(checked));
} else {
  for (const { file, errors, acknowledged, unacknowledged } of checked) {
    const numbers = `cdk-nag ${unacknowledged.length} unacknowledged, ${acknowledged.length} acknowledged`;
    process.stdout.write(`${basename(file, '.json')}: AWS's validator ${errors.length} errors, ${numbers}\n`);
    for (const { rule, on, message } of [...errors, ...unacknowledged])
      process.stdout.write(`  ${rule} ${on}: ${message}\n`);
  }
  process.exitCode = checked.some(({ errors, unacknowledged }) => errors.length + unacknowledged.length > 0)
    ? 1
    : 0;
}
