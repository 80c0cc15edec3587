import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * When a process began, in the kernel's ticks, so that a number which was given to another process meanwhile is
 * not taken for it. Undefined when it is not there; 'unknown' where the system does not tell.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : (fields[19] ?? 'unknown');
  } catch {
    return isAlive(pid) ? 'unknown' : undefined;
  }
}

/** Processes that were started with these arguments in a row; none where the system does not tell. */
export async function findByArguments(...wanted: readonly string[]): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (entry) => {
        const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
        return `\0${commandLine}`.includes(`\0${wanted.join('\0')}\0`) ? [Number(entry)] : [];
      }),
  );
  return found.flat().filter((pid) => pid !== process.pid);
}

/** Asks a process to end, and makes it after a while. */
export async function end(pid: number): Promise<void> {
  for (const [signal, milliseconds] of [
    ['SIGTERM', 3000],
    ['SIGKILL', 3000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < milliseconds; waited += 20) {
      if ((await startOf(pid)) === undefined) return;
      await pause(20);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
