import { Module } from '@nestjs/common';
import { BlogModule } from '../blog/blog.module.js';
import { CertificationsModule } from '../certifications/certifications.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { Contents } from './contents.js';
import { CountersRepository } from './counting/counters.repository.js';
import { FoldingService } from './counting/folding.service.js';
import { HitsService } from './counting/hits.service.js';
import { PicturesController } from './pictures/pictures.controller.js';
import { PicturesService } from './pictures/pictures.service.js';
import { ReportsController } from './reports/reports.controller.js';
import { ReportsService } from './reports/reports.service.js';
import { TrendsService } from './reports/trends.service.js';
import { ViewsController } from './views/views.controller.js';
import { ViewsService } from './views/views.service.js';
import { SourcesRepository } from './visitors/sources.repository.js';
import { VisitorsController } from './visitors/visitors.controller.js';
import { VisitorsService } from './visitors/visitors.service.js';

@Module({
  imports: [BlogModule, ProjectsModule, CertificationsModule, PortfolioModule],
  controllers: [VisitorsController, PicturesController, ViewsController, ReportsController],
  providers: [
    CountersRepository,
    SourcesRepository,
    HitsService,
    FoldingService,
    Contents,
    VisitorsService,
    ViewsService,
    TrendsService,
    ReportsService,
    PicturesService,
  ],
  exports: [FoldingService],
})
export class AnalyticsModule {}
