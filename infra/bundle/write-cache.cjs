'use strict';
// Runs in the Node that will run the function: answers the events it is sent, and writes what V8 compiled for them.
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const [main] = process.argv.slice(2);

process.once('message', async (events) => {
  const source = readFileSync(main, 'latin1');
  const script = new Script(wrap(source), { filename: main });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(main), module, main, dirname(main));
  for (const event of events) {
    const { statusCode, body } = await module.exports.handler(event, {});
    if (statusCode >= 300) throw new Error(`${event.rawPath} was answered ${statusCode}: ${body}`);
  }
  const cacheFile = `${dirname(main)}/${source.slice(-16)}-${process.version}-${process.arch}.cache`;
  writeFileSync(cacheFile, script.createCachedData());
  process.send(cacheFile, () => process.exit(0));
});
