import { Inject, Injectable, type Type } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { once } from './once.js';

/** Imports the code of some modules; nothing is instantiated yet. */
export type ImportModules = () => Promise<readonly Type<object>[]>;

/** The injection token of all modules that this process loads when they are needed. */
export const LAZY_MODULES = Symbol('LazyModules');

/**
 * Loads modules when they are needed, each once and into the one container of the process. Nest runs no lifecycle hooks
 * in them, and ignores `@Global` and middleware (docs.nestjs.com/fundamentals/lazy-loading-modules).
 */
@Injectable()
export class LazyModules {
  readonly loadAll = once(async () => {
    for (const some of this.lazy) await this.load(some);
  });

  constructor(
    private readonly loader: LazyModuleLoader,
    @Inject(LAZY_MODULES) private readonly lazy: readonly ImportModules[],
  ) {}

  async load(some: ImportModules): Promise<readonly Type<object>[]> {
    const modules = await some();
    for (const module of modules) await this.loader.load(() => module);
    return modules;
  }
}
