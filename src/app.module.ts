import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { RequestHandler } from 'express';
import { GLOBAL_GUARDS } from './apply-globals.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import type { Domain } from './domains.js';
import { HttpModule } from './http/http.module.js';
import { SystemModule } from './modules/system/system.module.js';
import type { JsonLogger } from './platform/logger.js';
import { PlatformModule } from './platform/platform.module.js';

export interface AppOptions {
  readonly config: Config;
  readonly logger: JsonLogger;
  /** Where the documentation's files lie. */
  readonly docsDirectory: string;
  /** What comes between the log and the routes; the security headers alone where a gateway has checked the rest. */
  readonly checks?: readonly RequestHandler[];
  /** What this process serves and does. */
  readonly modules: readonly Type<object>[];
  /** What it loads when it is first asked for, and serves then. */
  readonly domains?: readonly Domain[];
}

@Module({ imports: [DiscoveryModule, HttpModule], providers: GLOBAL_GUARDS })
export class AppModule {
  static with({ config, logger, docsDirectory, modules, domains = [] }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        PlatformModule.with(
          config,
          logger,
          domains.map((domain) => domain.modules),
        ),
        SystemModule.with(docsDirectory),
        ...modules,
      ],
    };
  }
}
