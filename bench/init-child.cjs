// One start: load, bootstrap and first request, without Node's own start. Prints {ms, cpuMs, rssMb}.
const { performance } = require('node:perf_hooks');

const [bundle, event] = process.argv.slice(2);
const cpuBefore = process.cpuUsage();
const began = performance.now();
void Promise.resolve(require(bundle).handler(JSON.parse(event), {})).then(({ statusCode, body }) => {
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  const rssMb = process.memoryUsage.rss() / 1024 / 1024;
  if (statusCode >= 300) process.stderr.write(`status ${statusCode}: ${body}\n`);
  else process.stderr.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000, rssMb })}\n`);
  process.exit(0);
});
