// Answers rounds of requests through one handler: {event, times} in, microseconds per request out.
const { handler } = require(process.argv[2]);

process.on('message', async ({ event, times }) => {
  const text = JSON.stringify(event);
  const began = process.hrtime.bigint();
  for (let time = 0; time < times; time += 1) {
    const { statusCode } = await handler(JSON.parse(text), {});
    if (statusCode >= 300) {
      process.send({ error: `status ${statusCode}` });
      return;
    }
  }
  process.send({ microseconds: Number(process.hrtime.bigint() - began) / 1000 / times });
});
process.on('disconnect', () => process.exit(0));
