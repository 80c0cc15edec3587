import { type DynamicModule, Module } from '@nestjs/common';
import { DocsController } from './docs.controller.js';
import { DOCS_DIRECTORY, DocsService } from './docs.service.js';
import { ErrorCatalogueService } from './error-catalogue.service.js';
import { ReadinessService } from './readiness.service.js';
import { StartController } from './start.controller.js';
import { SystemController } from './system.controller.js';

@Module({
  controllers: [StartController, SystemController, DocsController],
  providers: [ReadinessService, ErrorCatalogueService, DocsService],
})
export class SystemModule {
  static with(docsDirectory: string): DynamicModule {
    return { module: SystemModule, providers: [{ provide: DOCS_DIRECTORY, useValue: docsDirectory }] };
  }
}
