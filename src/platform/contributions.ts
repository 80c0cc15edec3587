import { Injectable } from '@nestjs/common';
import { LazyModules } from './lazy-modules.js';

/** What modules contribute, each in a constructor of theirs. It can be read only once all modules are loaded. */
@Injectable()
export abstract class Contributions<T> {
  private readonly byName = new Map<string, T>();

  constructor(private readonly modules: LazyModules) {}

  /** @param name unique; when a module is loaded again after a failure, its contribution replaces the first one */
  protected add(name: string, contribution: T): void {
    this.byName.set(name, contribution);
  }

  /** In the order in which they were added. */
  protected async all(): Promise<readonly T[]> {
    await this.modules.loadAll();
    return [...this.byName.values()];
  }
}
