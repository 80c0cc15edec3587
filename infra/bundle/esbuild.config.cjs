// How a Lambda function is bundled: one CommonJS file, the AWS SDK included, from the output of `nest build`
// (esbuild emits no decorator metadata, so it must never see the TypeScript). docs/performance.md has the figures.
const { join } = require('node:path');

const shim = (name) => join(__dirname, `${name}.cjs`);
const inPackage = (path) => join(__dirname, '../../node_modules', path);

const options = {
  bundle: true,
  minify: true,
  sourcemap: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['es2015', 'module', 'main'],
  // Node 20 refuses import() in a script that came from a code cache.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__import_meta_url', 'process.env.NODE_ENV': '"production"' },
  banner: { js: "const __import_meta_url=require('node:url').pathToFileURL(__filename).href;" },
  // The Swagger plugin repeats the enum that @IsIn names.
  logOverride: { 'duplicate-object-key': 'silent' },
  // What Nest loads only if it is there; and sharp, whose binaries lie beside the images' function.
  external: [
    '@nestjs/microservices',
    '@nestjs/microservices/*',
    '@nestjs/websockets',
    '@nestjs/websockets/*',
    '@fastify/static',
    'class-transformer/storage',
    'sharp',
  ],
  alias: {
    '@nestjs/swagger': shim('swagger'),
    // On Lambda credentials come from the environment alone.
    '@aws-sdk/credential-provider-node': shim('credentials'),
    'body-parser': shim('body-parser'),
    'mime-db': shim('mime-db'),
    jose: shim('jose'),
    semver: shim('semver'),
    debug: shim('debug'),
    'ipaddr.js': shim('unreachable'),
    // Keys are kept by verification-keys.ts.
    'lru-memoizer': shim('unreachable'),
    qs: shim('unreachable'),
    'libphonenumber-js': shim('unreachable'),
    'libphonenumber-js/max': shim('unreachable'),
    multer: shim('unreachable'),
    // Nothing is sent from files: the documentation is read, and sent as what it is.
    send: shim('unreachable'),
    'file-type': shim('unreachable'),
    // Under the condition "node" rxjs is CommonJS, which cannot be shaken.
    rxjs: inPackage('rxjs/dist/esm/index.js'),
    'rxjs/operators': inPackage('rxjs/dist/esm/operators/index.js'),
  },
};

module.exports = () => ({ ...options, exclude: ['*'], plugins: 'infra/bundle/esbuild.plugins.cjs' });
module.exports.options = options;
