import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import type { Item } from '../../../platform/dynamodb/item.js';
import type { SettingsResponse, UpdateSettingsDto } from './dto/settings.dto.js';
import { SettingsRepository } from './settings.repository.js';

/** What the owner says of the public site. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly settings: SettingsRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async get(): Promise<SettingsResponse> {
    return this.shown(await this.settings.find());
  }

  async update(body: UpdateSettingsDto, versions: readonly number[] | undefined): Promise<SettingsResponse> {
    const shown = (item: Item | undefined) => this.shown(item);
    return shown(await this.settings.save({ ...body }, shown, versions));
  }

  private shown(item: Item | undefined): SettingsResponse {
    const said = (item ?? {}) as Partial<SettingsResponse>;
    return {
      title: said.title ?? 'Hearth',
      description: said.description ?? null,
      authorName: said.authorName ?? null,
      language: said.language ?? 'en',
      siteUrl: (said.siteUrl ?? this.config.appUrl).replace(/\/+$/, ''),
      blogPath: said.blogPath ?? '/blog',
      badges: said.badges ?? false,
      chart: said.chart ?? false,
      version: item?.Version ?? 0,
    };
  }
}
