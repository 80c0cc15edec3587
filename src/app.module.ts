import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { RequestHandler } from 'express';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { HttpModule } from './http/http.module.js';
import { BodyGuard } from './http/request/body.guard.js';
import { RateLimitGuard } from './http/rate-limit/rate-limit.guard.js';
import { AnalyticsModule } from './modules/analytics/analytics.module.js';
import { AuthGuard } from './modules/auth/auth.guard.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { BlogModule } from './modules/blog/blog.module.js';
import { ChatModule } from './modules/chat/chat.module.js';
import { ContextModule } from './modules/context/context.module.js';
import { MemoriesModule } from './modules/memories/memories.module.js';
import { CertificationsModule } from './modules/certifications/certifications.module.js';
import { GuitarsModule } from './modules/guitars/guitars.module.js';
import { ImagesModule } from './modules/images/images.module.js';
import { InvitesModule } from './modules/invites/invites.module.js';
import { NotificationsModule } from './modules/notifications/notifications.module.js';
import { PagesModule } from './modules/pages/pages.module.js';
import { PortfolioModule } from './modules/portfolio/portfolio.module.js';
import { PrivacyModule } from './modules/privacy/privacy.module.js';
import { ProjectsModule } from './modules/projects/projects.module.js';
import { QuestsModule } from './modules/quests/quests.module.js';
import { ResumeModule } from './modules/resume/resume.module.js';
import { SystemModule } from './modules/system/system.module.js';
import { UsersModule } from './modules/users/users.module.js';
import { WebhooksModule } from './modules/webhooks/webhooks.module.js';
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
}

/** The API, but for what has a function of its own on AWS. */
export const API_MODULES: readonly Type<object>[] = [
  AuthModule,
  UsersModule,
  InvitesModule,
  PrivacyModule,
  PagesModule,
  WebhooksModule,
  NotificationsModule,
  QuestsModule,
  GuitarsModule,
  ImagesModule,
  PortfolioModule,
  BlogModule,
  ProjectsModule,
  CertificationsModule,
  ResumeModule,
  AnalyticsModule,
  ContextModule,
  MemoriesModule,
  ChatModule,
];

/** The guards before every route: who is calling, how often, and with what body. */
@Module({
  imports: [HttpModule, AuthModule],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: BodyGuard },
  ],
})
export class AppModule {
  static with({ config, logger, docsDirectory, modules }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        PlatformModule.with(config, logger),
        SystemModule.with(docsDirectory),
        ...modules,
      ],
    };
  }
}
