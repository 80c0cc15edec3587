// One initialisation: load, bootstrap and first request, in milliseconds, without Node's own start.
const { performance } = require('node:perf_hooks');

const [bundle, event] = process.argv.slice(2);
const began = performance.now();
void Promise.resolve(require(bundle).handler(JSON.parse(event), {})).then(({ statusCode }) => {
  process.stderr.write(`${statusCode === 200 ? performance.now() - began : `status ${statusCode}`}\n`);
  process.exit(0);
});
