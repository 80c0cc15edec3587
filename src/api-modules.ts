import type { Type } from '@nestjs/common';
import { AnalyticsModule } from './modules/analytics/analytics.module.js';
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
import { UsersModule } from './modules/users/users.module.js';
import { WebhooksModule } from './modules/webhooks/webhooks.module.js';

/** All modules of the API, except those that have a function of their own on AWS. */
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
