import { Injectable } from '@nestjs/common';
import { type ErrorDefinition, errorCatalogue } from '../../http/errors/api-error.js';
import { LazyModules } from '../../platform/lazy-modules.js';

/** All errors of the API: a module's are in the catalogue once its code is loaded. */
@Injectable()
export class ErrorCatalogueService {
  constructor(private readonly modules: LazyModules) {}

  async list(): Promise<readonly ErrorDefinition[]> {
    await this.modules.loadAll();
    return errorCatalogue();
  }
}
