import { Body, Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '../../../http/access/access.decorators.js';
import { SeenVersions } from '../../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Fails, Gives } from '../../../http/openapi/describe.decorators.js';
import { Update } from '../../../http/request/update.decorator.js';
import { SettingsResponse, UpdateSettingsDto } from './dto/settings.dto.js';
import { SettingsService } from './settings.service.js';

@ApiTags('Portfolio')
@Controller('portfolio/settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  /** What the public site is called, where it is, and which pictures everybody may see. */
  @Get()
  @Roles('owner')
  @Gives(SettingsResponse)
  getSettings() {
    return this.settings.get();
  }

  /** Changes the given settings. */
  @Update()
  @Roles('owner')
  @Gives(SettingsResponse)
  @Fails(PRECONDITION_FAILED, WRITE_CONFLICT)
  updateSettings(@Body() body: UpdateSettingsDto, @SeenVersions() versions: readonly number[] | undefined) {
    return this.settings.update(body, versions);
  }
}
