import { Body, Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, Versioned, Takes } from '../../http/openapi/describe.decorators.js';
import { Update } from '../../http/request/update.decorator.js';
import { PreferencesDto } from './dto/preferences.dto.js';
import { ProfileResponse, UpdateNameDto, UpdateProfileDto } from './dto/profile.dto.js';
import { PREFERENCES_LIMIT, USER_NOT_FOUND, USERNAME_TAKEN } from './users.errors.js';
import { UsersService } from './users.service.js';

@ApiTags('Users')
@Controller('user')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** The caller's profile, preferences included. */
  @Get('profile')
  @Gives(ProfileResponse)
  @Fails(USER_NOT_FOUND)
  getProfile(@CurrentUser() user: CurrentUser) {
    return this.users.profile(user.id);
  }

  /** Changes the given fields of the profile. */
  @Update('profile')
  @Takes({ firstName: 'Ada', theme: 'Dev' })
  @Gives(ProfileResponse)
  @Fails(USER_NOT_FOUND, USERNAME_TAKEN, PREFERENCES_LIMIT, PRECONDITION_FAILED, WRITE_CONFLICT)
  updateProfile(
    @CurrentUser() user: CurrentUser,
    @Body() change: UpdateProfileDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.users.updateProfile(user.id, change, versions);
  }

  /** Changes the name that others see. */
  @Update('name')
  @Gives(ProfileResponse)
  @Fails(USER_NOT_FOUND, PRECONDITION_FAILED)
  updateName(
    @CurrentUser() user: CurrentUser,
    @Body() change: UpdateNameDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.users.updateProfile(user.id, change, versions);
  }

  /** The caller's preferences. */
  @Get('preferences')
  @Gives(PreferencesDto)
  getPreferences(@CurrentUser() user: CurrentUser) {
    return this.users.preferences(user.id);
  }

  /** Merges the given keys into the preferences; null removes a key. */
  @Update('preferences')
  @Versioned()
  @Takes({ timezone: 'Europe/Stockholm', editor: 'vim' })
  @Gives(PreferencesDto)
  @Fails(PREFERENCES_LIMIT, PRECONDITION_FAILED, WRITE_CONFLICT)
  updatePreferences(
    @CurrentUser() user: CurrentUser,
    @Body() change: PreferencesDto,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.users.updatePreferences(user.id, change, versions);
  }
}
