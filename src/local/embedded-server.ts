import type { ChildProcess } from 'node:child_process';
import { end } from './processes.js';

/** A server in a child process that stands in for a service of AWS. */
export class EmbeddedServer {
  private stopping = false;

  protected constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** Calls back when it ends though nobody asked it to. */
  onCrash(callback: () => void): void {
    this.child.once('exit', () => {
      if (!this.stopping) callback();
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.child.pid !== undefined && this.child.exitCode === null) await end(this.child.pid);
  }
}
