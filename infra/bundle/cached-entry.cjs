'use strict';
// The entry of a function whose package has code caches (scripts/code-cache.mjs): runs main.js with what V8 compiled of it
// before, if a cache is of this very bundle, Node and architecture; otherwise main.js is compiled as ever.
const { readFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { Script } = require('node:vm');

const file = `${__dirname}/main.js`;
// scripts/code-cache.mjs makes sure that it is ASCII, of which V8 keeps one byte a character.
const source = readFileSync(file, 'latin1');
// V8 compares no more than the length of the source: the bundle's own name, its last 16 characters, is in the cache's.
const cacheFile = `${__dirname}/${source.slice(-16)}-${process.version}-${process.arch}.cache`;

function readCache() {
  try {
    return readFileSync(cacheFile);
  } catch {
    return undefined;
  }
}

const cachedData = readCache();
const script = new Script(wrap(source), { filename: file, cachedData });
if (!cachedData || script.cachedDataRejected) {
  const message = cachedData ? 'V8 refused the code cache' : 'There is no code cache for this Node';
  const { version, arch } = process;
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level: 'WARN', message, node: version, arch })}\n`,
  );
}
script.runInThisContext()(exports, require, module, file, __dirname);
