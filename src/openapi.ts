import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createApp } from './app.js';
import { loadConfig } from './config/config.js';
import { ICON, START_PAGE, SWAGGER_PAGE, SWAGGER_START } from './docs/pages.js';
import { buildDocument } from './http/openapi/document.js';
import { JsonLogger } from './platform/logger.js';
import { WHOLE_APP } from './whole-app.js';

/** The document as text, from the built code (the plugin works in `nest build` only). Needs no database. */
async function openApiText(): Promise<string> {
  const app = await createApp({
    config: loadConfig({}),
    logger: new JsonLogger('warn'),
    docsDirectory: '',
    modules: WHOLE_APP,
  });
  try {
    await app.init();
    return `${JSON.stringify(buildDocument(app), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

/** Writes the document, the start page and Swagger UI's files, gzipped, where the API hands them out from. */
export async function writeDocs(directory: string): Promise<void> {
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const files: Record<string, string | Buffer> = {
    'start.html': START_PAGE,
    'favicon.svg': ICON,
    'index.html': SWAGGER_PAGE,
    'start.js': SWAGGER_START,
    'openapi.json': JSON.stringify(JSON.parse(await openApiText())),
  };
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    files[name] = await readFile(join(assets, name));
  }
  await mkdir(directory, { recursive: true });
  const writes = Object.entries(files).map(([name, content]) =>
    writeFile(join(directory, `${name}.gz`), gzipSync(content, { level: 9 })),
  );
  await Promise.all(writes);
}

/** `--docs`, `--write <file>` or `--check <file>` (which fails when the file is not what the code says). */
async function main([what, file = '']: readonly string[]): Promise<void> {
  if (what === '--docs') return writeDocs(fileURLToPath(new URL('./docs', import.meta.url)));
  const text = await openApiText();
  if (what === '--write') return writeFile(file, text);
  if ((await readFile(file, 'utf8')) === text) return undefined;
  process.stderr.write(`${file} is not what the code says. Run: npm run openapi\n`);
  process.exitCode = 1;
  return undefined;
}

if (argv[1] === fileURLToPath(import.meta.url)) await main(argv.slice(2));
