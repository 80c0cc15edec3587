import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { SecretName, SecretStore } from './secrets.js';

/** A laptop's secrets: one JSON file each under the data directory, readable by its owner only. */
export class FileSecrets implements SecretStore {
  private readonly directory: string;

  constructor(config: Config) {
    this.directory = join(config.dataDirectory, 'secrets');
  }

  async load(name: SecretName): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.path(name), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whole or not at all, and the first of two processes wins: a hard link never replaces a file. */
  async create(name: SecretName, value: unknown): Promise<unknown> {
    const draft = await this.draft(name, value);
    try {
      await link(draft, this.path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(draft);
    }
    return this.load(name);
  }

  async replace(name: SecretName, value: unknown): Promise<void> {
    await rename(await this.draft(name, value), this.path(name));
  }

  private async draft(name: SecretName, value: unknown): Promise<string> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const draft = this.path(name, `.${randomUUID()}`);
    await writeFile(draft, JSON.stringify(value, null, 2), { mode: 0o600 });
    return draft;
  }

  private path(name: SecretName, suffix = ''): string {
    return join(this.directory, `${name}.json${suffix}`);
  }
}
