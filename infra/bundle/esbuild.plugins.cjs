const { readFile } = require('node:fs/promises');
const { basename, dirname, join, relative } = require('node:path');
const { build } = require('esbuild');

/** Puts a shim in the place of a file of a package. */
const inside = (packageName, filter, shim) => ({
  name: `${packageName} ${shim}`,
  setup({ onResolve }) {
    onResolve({ filter }, ({ importer }) =>
      importer.includes(`/node_modules/${packageName}/`)
        ? { path: join(__dirname, `${shim}.cjs`) }
        : undefined,
    );
  },
});

/**
 * The SDK's schemas are arrays with computed keys, which esbuild must take for code that does something: marked as
 * pure, those of operations that nobody calls can go (three quarters of them).
 */
const shakenSchemas = {
  name: 'schemas of the AWS SDK',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const declaration = /^((?:export )?var \w+\$? = )(\[[\s\S]*?\]);$/gm;
      return { contents: source.replace(declaration, '$1/* @__PURE__ */ (() => ($2))();'), loader: 'js' };
    });
  },
};

/**
 * What is imported when it is needed esbuild keeps whole, since in one CommonJS file it must be wrapped. The parts of the
 * SDK (`*.sdk.js`) are imported at once instead, and shaken: that is a fraction of their size.
 */
const eagerSdk = {
  name: 'parts of the AWS SDK',
  setup({ onLoad }) {
    onLoad({ filter: /\/dist\/platform\/.+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const lazy = /\bimport\('(\.\/[\w-]+\.sdk\.js)'\)/;
      const part = lazy.exec(source)?.[1];
      if (part === undefined) return undefined;
      const contents = `import * as eagerSdk from '${part}';\n${source.replace(lazy, 'Promise.resolve(eagerSdk)')}`;
      return { contents, loader: 'js' };
    });
  },
};

/** Nest's own loggers, which are not used, would each make a formatter of dates at every start: 4 ms each. */
const lazyDateFormats = {
  name: 'date formats of Nest’s loggers',
  setup({ onLoad }) {
    onLoad({ filter: /\/@nestjs\/common\/services\/(console-)?logger\.service\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace(
        /^const dateTimeFormatter = (new Intl\.[\s\S]*?\}\));$/m,
        'const dateTimeFormatter = { format: (date) => $1.format(date) };',
      );
      if (contents === source) throw new Error(`There is no date format in ${path}`);
      return { contents, loader: 'js' };
    });
  },
};

/** What makes whatever is bundled smaller. */
const shrinking = [
  shakenSchemas,
  // gateway-handler.ts names its event sources itself.
  inside('@codegenie/serverless-express', /\/event-sources(\/utils)?$/, 'unreachable'),
  // Mails have no attachments: nodemailer needs no table of file types.
  inside('nodemailer', /\/mime-types\.js$/, 'mail-types'),
  // Nest's own pipe, which is not used, keeps all of class-validator (and validator's tables) in the bundle.
  inside('@nestjs', /\/validation\.pipe\.js$/, 'validation-pipe'),
];

const LATE = 'dist/late';
const lateBuilds = new Map();

/**
 * What few requests need (`*.late.js`: S3, SES, CSV, feeds and the like) is a bundle of its own beside the function's, read when it is first
 * needed, so that no start pays for it.
 */
const late = {
  name: 'parts that are loaded late',
  setup({ onResolve, initialOptions }) {
    const { entryPoints, outdir, outfile, plugins: _, ...options } = initialOptions;
    const [entry] = entryPoints;
    const root = outdir ? outdir.slice(0, outdir.length - dirname(entry).length) : dirname(dirname(outfile));
    onResolve({ filter: /\.late\.js$/ }, async ({ path, resolveDir, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const source = join(resolveDir, path);
      const target = join(LATE, basename(path, '.late.js') + '.js');
      const built = join(root, target);
      if (!lateBuilds.has(built))
        lateBuilds.set(
          built,
          build({ ...options, plugins: shrinking, entryPoints: [source], outfile: built }),
        );
      await lateBuilds.get(built);
      return { path: `./${relative(dirname(entry), target)}`, external: true };
    });
  },
};

/** What Nest's Swagger plugin writes into the classes describes them; on Lambda nobody reads it. */
const undescribed = {
  name: 'descriptions for OpenAPI',
  setup({ onLoad }) {
    onLoad({ filter: /\/dist\/.+\.(dto|controller)\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source
        .replaceAll(/^ {4}static _OPENAPI_METADATA_FACTORY\(\) \{\n.*\n {4}\}\n/gm, '')
        .replaceAll(/^ {4}openapi\.Api(Operation|Response)\(.*\),\n/gm, '');
      return { contents, loader: 'js' };
    });
  },
};

module.exports = [undescribed, lazyDateFormats, eagerSdk, late, ...shrinking];
