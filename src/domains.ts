import type { ImportModules } from './platform/lazy-modules.js';

/** Routes that are loaded together. */
export interface Domain {
  /** First segments of their paths, behind `/v1`. All methods of a path are in one domain. */
  readonly segments: readonly string[];
  readonly modules: ImportModules;
}

/** The routes of the API's function on AWS, each domain loaded with the first request for it. */
export const DOMAINS: readonly Domain[] = [
  {
    segments: ['auth', 'invites', '.well-known'],
    modules: async () => [
      (await import('./modules/auth/auth.module.js')).AuthModule,
      (await import('./modules/invites/invites.module.js')).InvitesModule,
    ],
  },
  {
    segments: ['user', 'users', 'erasures'],
    modules: async () => [
      (await import('./modules/users/users.module.js')).UsersModule,
      (await import('./modules/privacy/privacy.module.js')).PrivacyModule,
    ],
  },
  {
    segments: ['register', 'reset-password', 'undo-email-change'],
    modules: async () => [(await import('./modules/pages/pages.module.js')).PagesModule],
  },
  {
    segments: ['webhooks'],
    modules: async () => [(await import('./modules/webhooks/webhooks.module.js')).WebhooksModule],
  },
  {
    segments: ['notifications'],
    modules: async () => [
      (await import('./modules/notifications/notifications.module.js')).NotificationsModule,
    ],
  },
  {
    segments: ['quests'],
    modules: async () => [(await import('./modules/quests/quests.module.js')).QuestsModule],
  },
  {
    segments: ['guitars'],
    modules: async () => [(await import('./modules/guitars/guitars.module.js')).GuitarsModule],
  },
  {
    segments: ['images'],
    modules: async () => [(await import('./modules/images/images.module.js')).ImagesModule],
  },
  {
    segments: ['portfolio'],
    modules: async () => [(await import('./modules/portfolio/portfolio.module.js')).PortfolioModule],
  },
  { segments: ['blog'], modules: async () => [(await import('./modules/blog/blog.module.js')).BlogModule] },
  {
    segments: ['projects'],
    modules: async () => [(await import('./modules/projects/projects.module.js')).ProjectsModule],
  },
  {
    segments: ['certifications'],
    modules: async () => [
      (await import('./modules/certifications/certifications.module.js')).CertificationsModule,
    ],
  },
  {
    segments: ['resume', 'resume.json'],
    modules: async () => [(await import('./modules/resume/resume.module.js')).ResumeModule],
  },
  {
    segments: ['analytics', 'visitors'],
    modules: async () => [(await import('./modules/analytics/analytics.module.js')).AnalyticsModule],
  },
  {
    segments: ['context'],
    modules: async () => [(await import('./modules/context/context.module.js')).ContextModule],
  },
  {
    segments: ['memories'],
    modules: async () => [(await import('./modules/memories/memories.module.js')).MemoriesModule],
  },
  { segments: ['chat'], modules: async () => [(await import('./modules/chat/chat.module.js')).ChatModule] },
];
