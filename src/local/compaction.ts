import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ErasureAftercare } from '../platform/account-data/erasure-aftercare.js';
import type { JsonLogger } from '../platform/logger.js';
import { databaseFileIn } from './embedded-dynamodb.js';
import { finishRebuild, rebuildDatabase } from './rebuilt-database.js';

const COMPACT = fileURLToPath(new URL('./compact-database.js', import.meta.url));
/** Waits for the engine's own writes, then leaves no page that nobody uses, in the file or in its log. */
const STATEMENTS = 'PRAGMA busy_timeout = 20000; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);';

const NEXT_START =
  'After an erasure the database is rebuilt at the next start: there is neither node:sqlite nor sqlite3';

const requestIn = (directory: string) => join(directory, 'rebuild-database');

/** What is under way. */
export interface Compaction {
  finished(): Promise<void>;
}

/**
 * SQLite keeps what was deleted in pages that it has not used again. After an erasure the database file is compacted, by
 * `node:sqlite` or the `sqlite3` program. Where neither is there, or this is cut off, the next start rebuilds the file.
 */
export function compactAfterErasures(
  app: NestExpressApplication,
  directory: string,
  logger: JsonLogger,
): Compaction {
  const file = databaseFileIn(directory);
  const compact = async (): Promise<void> => {
    await writeFile(requestIn(directory), '');
    if ((await compactedByNode(file)) || (await compactedByProgram(file)))
      await rm(requestIn(directory), { force: true });
    else logger.write('warn', { message: NEXT_START });
  };
  // One after the other.
  let running: Promise<void> = Promise.resolve();
  app.get(ErasureAftercare, { strict: false }).add(() => {
    running = running.catch(() => undefined).then(compact);
    return running;
  });
  return { finished: () => running.catch(() => undefined) };
}

/** Rebuilds the database if an erasure has asked for it. Where it cannot be done, the old file serves until the next start. */
export async function rebuildIfAsked(directory: string, logger: JsonLogger): Promise<void> {
  const file = databaseFileIn(directory);
  await finishRebuild(file);
  if (!existsSync(requestIn(directory))) return;
  try {
    await rebuildDatabase(file);
    await rm(requestIn(directory));
  } catch (error) {
    logger.error(error);
  }
}

/** In a process of its own: `node:sqlite` (Node 22.16 and newer) works synchronously. */
const compactedByNode = (file: string) => succeeds(process.execPath, ['--no-warnings', COMPACT, file]);

const compactedByProgram = (file: string) => succeeds('sqlite3', [file, STATEMENTS]);

async function succeeds(program: string, options: readonly string[]): Promise<boolean> {
  const child = spawn(program, options, { stdio: 'ignore' });
  const ended = once(child, 'exit').then(([code]) => code === 0);
  return Promise.race([ended, once(child, 'error').then(() => false)]).catch(() => false);
}
