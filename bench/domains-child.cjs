// Serves quests, then asks for the first time for something of each other domain: prints {path: {first, second}} in ms.
const [bundle, ...paths] = process.argv.slice(2);
const { handler } = require(bundle);

const ask = async (path) => {
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${process.env.token}` },
    requestContext: { http: { method: 'GET', path, sourceIp: '192.0.2.1' }, stage: '$default' },
    isBase64Encoded: false,
  };
  const began = performance.now();
  const { statusCode } = await handler(event, {});
  if (statusCode >= 500) throw new Error(`${path} was answered ${statusCode}`);
  return performance.now() - began;
};

void (async () => {
  for (let times = 0; times < 5; times += 1) await ask('/v1/quests');
  const result = {};
  for (const path of paths) result[path] = { first: await ask(path), second: await ask(path) };
  process.stderr.write(`${JSON.stringify(result)}\n`);
  process.exit(0);
})();
