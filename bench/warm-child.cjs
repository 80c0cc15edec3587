// Answers rounds of requests through one handler: {event, times} in, microseconds a request out, of wall and of CPU time.
const { handler } = require(process.argv[2]);

process.on('message', async ({ event, times }) => {
  const text = JSON.stringify(event);
  const cpuBefore = process.cpuUsage();
  const began = process.hrtime.bigint();
  for (let time = 0; time < times; time += 1) {
    const { statusCode, body } = await handler(JSON.parse(text), {});
    if (statusCode >= 300) {
      process.send({ error: `status ${statusCode}: ${body}` });
      return;
    }
  }
  const us = Number(process.hrtime.bigint() - began) / 1000 / times;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.send({ us, cpuUs: (user + system) / times });
});
process.on('disconnect', () => process.exit(0));
