import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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

  /** @throws {StartError} when another process holds it. */
  static async acquire(directory: string): Promise<DataDirectory> {
    const path = resolve(directory);
    await mkdir(path, { recursive: true, mode: 0o700 });
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

async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
