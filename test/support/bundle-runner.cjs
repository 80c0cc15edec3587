// Plays the Lambda runtime: loads the bundle once and hands it one event after another.
const { handler } = require(process.argv[2]);

process.on('message', async ({ id, event }) => {
  try {
    const context = {
      awsRequestId: id,
      functionName: 'hearth-test-api',
      getRemainingTimeInMillis: () => 29_000,
    };
    process.send({ id, result: await handler(event, context) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
process.on('disconnect', () => process.exit(0));
