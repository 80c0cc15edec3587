import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../clock.js';
import { ServiceUnavailable } from '../dynamodb/faults.js';
import type { SecretName, SecretsProvider } from './secrets-provider.js';

const FRESH_MS = 5 * 60_000;

/** A laptop's secrets: one JSON file each under the data directory, readable by its owner only. */
@Injectable()
export class FileSecrets implements SecretsProvider {
  private readonly directory: string;
  private readonly remembered = new Map<SecretName, { value: unknown; at: number }>();

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
  ) {
    this.directory = join(config.dataDirectory, 'secrets');
  }

  async read<T>(name: SecretName, create: () => Promise<T>): Promise<T> {
    const now = this.clock.now().getTime();
    const known = this.remembered.get(name);
    if (known && now - known.at < FRESH_MS) return known.value as T;
    try {
      const value = (await this.load<T>(name)) ?? (await this.store(name, await create()));
      this.remembered.set(name, { value, at: now });
      return value;
    } catch (error) {
      if (known) return known.value as T;
      throw new ServiceUnavailable(error);
    }
  }

  private async load<T>(name: SecretName): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(this.path(name), 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whole or not at all, and the first of two processes wins: a hard link never replaces a file. */
  private async store<T>(name: SecretName, value: T): Promise<T> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const draft = this.path(name, `.${randomUUID()}`);
    await writeFile(draft, JSON.stringify(value, null, 2), { mode: 0o600 });
    try {
      await link(draft, this.path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(draft);
    }
    return JSON.parse(await readFile(this.path(name), 'utf8')) as T;
  }

  private path(name: SecretName, suffix = ''): string {
    return join(this.directory, `${name}.json${suffix}`);
  }
}
