import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { VERSION } from '../../config/version.js';
import { Public } from '../../http/access/access.decorators.js';
import { PublicFor } from '../../http/envelope/response.decorators.js';
import { Gives, GivesArray } from '../../http/openapi/describe.decorators.js';
import { ErrorDefinitionResponse, HealthResponse, ReadinessResponse } from './dto/system.dto.js';
import { ErrorCatalogueService } from './error-catalogue.service.js';
import { ReadinessService } from './readiness.service.js';

@ApiTags('System')
@Controller({ version: VERSION_NEUTRAL })
export class SystemController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly catalogue: ErrorCatalogueService,
  ) {}

  /** Whether this process runs. */
  @Get('health')
  @Public()
  @Gives(HealthResponse)
  getHealth(): HealthResponse {
    return { status: 'ok', version: VERSION, uptime: Math.round(process.uptime()) };
  }

  /** Whether what this process depends on answers. */
  @Get('health/ready')
  @Public()
  @Gives(ReadinessResponse)
  getReadiness() {
    return this.readiness.check();
  }

  /** Every error code that the API answers. */
  @Get('v1/errors')
  @Public()
  @PublicFor(300)
  @GivesArray(ErrorDefinitionResponse)
  listErrors() {
    return this.catalogue.list();
  }
}
