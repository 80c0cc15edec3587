import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { startOf } from './processes.js';

interface Holder {
  readonly pid: number;
  readonly began: string | undefined;
}

/** Something that the person who starts Hearth can put right; its message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The directory in which a laptop keeps everything, held by one process at a time. */
export class DataDirectory {
  private constructor(
    readonly path: string,
    private readonly lock: string,
  ) {}

  /** Closes it to other users of the machine. @throws {StartError} when another process holds it, or it cannot be used. */
  static async acquire(directory: string): Promise<DataDirectory> {
    const path = resolve(directory);
    try {
      await makeDirectory(path);
      await chmod(path, 0o700);
      return await DataDirectory.lock(path);
    } catch (error) {
      throw unusable(path, error as NodeJS.ErrnoException) ?? error;
    }
  }

  private static async lock(path: string): Promise<DataDirectory> {
    const lock = join(path, 'lock');
    const me: Holder = { pid: process.pid, began: await startOf(process.pid) };
    for (;;) {
      try {
        await writeFile(lock, JSON.stringify(me), { flag: 'wx' });
        return new DataDirectory(path, lock);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await holderOf(lock);
      if (holder && (await startOf(holder.pid)) === holder.began) {
        throw new StartError(
          `${path} is in use by the process ${holder.pid}. Stop it, or set HEARTH_DATA_DIR to another directory.`,
        );
      }
      await discard(lock, holder);
    }
  }

  async release(): Promise<void> {
    await rm(this.lock, { force: true });
  }
}

/** Not by `recursive`, which tries for ever where nothing can be made, as below /proc. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    await makeDirectory(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** Takes a dead holder's lock away; if a third process was faster, what it wrote is put back. */
async function discard(lock: string, dead: Holder | undefined): Promise<void> {
  const aside = `${lock}.${process.pid}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await holderOf(aside))?.pid !== dead?.pid) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Undefined for a file that names nobody: whoever wrote it is dead. @throws when it cannot be read */
async function holderOf(lock: string): Promise<Holder | undefined> {
  const text = await readFile(lock, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return Number.isInteger(holder?.pid) ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function unusable(
  directory: string,
  { code, path = directory }: NodeJS.ErrnoException,
): StartError | undefined {
  const instead = 'or set HEARTH_DATA_DIR to another directory';
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new StartError(`${path} is not a directory. Move it away, ${instead}.`);
    case 'ENOENT':
      return new StartError(`${path} cannot be made. Make it, ${instead}.`);
    case 'EROFS':
      return new StartError(`${path} is on a read-only file system. Mount it writable, ${instead}.`);
    case 'EACCES':
    case 'EPERM':
      return new StartError(`This user may not use ${path}. Give it to this user, ${instead}.`);
    case 'EISDIR':
      return new StartError(`${join(directory, 'lock')} must be a file. Move it away, ${instead}.`);
    case 'ENOSPC':
      return new StartError(`There is no room left for ${path}. Make some, ${instead}.`);
    default:
      return undefined;
  }
}
