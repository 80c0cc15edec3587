import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesArray, GivesPage, Takes } from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import { DevicesService } from './devices.service.js';
import { DeviceResponse, RegisterDeviceDto, RemoveDeviceDto } from './dto/device.dto.js';
import {
  NotificationPreferencesResponse,
  NotificationResponse,
  NotificationsQuery,
  ReadAllResponse,
  UnreadResponse,
  UpdateNotificationDto,
  UpdateNotificationPreferencesDto,
} from './dto/notification.dto.js';
import {
  DEVICE_LIMIT,
  DEVICE_NOT_FOUND,
  NOTIFICATION_NOT_FOUND,
  PUSH_UNAVAILABLE,
} from './notifications.errors.js';
import { NotificationsService } from './notifications.service.js';
import { PreferencesService } from './preferences.service.js';

const NotificationId = () => Param('id', idOf(NOTIFICATION_NOT_FOUND));

@ApiTags('Notifications')
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly preferences: PreferencesService,
    private readonly devices: DevicesService,
  ) {}

  /** The inbox, newest first; what is snoozed is not in it. */
  @Get()
  @GivesPage(NotificationResponse)
  list(@CurrentUser() user: CurrentUser, @Query() query: NotificationsQuery) {
    return this.notifications.list(user.id, query as NotificationsQuery & Paged);
  }

  /** How many are unread, up to 99. */
  @Get('unread-count')
  @Gives(UnreadResponse)
  countUnreadNotifications(@CurrentUser() user: CurrentUser) {
    return this.notifications.countUnread(user.id);
  }

  /** What the caller is told, how, and when. */
  @Get('preferences')
  @Gives(NotificationPreferencesResponse)
  getNotificationPreferences(@CurrentUser() user: CurrentUser) {
    return this.preferences.get(user.id);
  }

  /** Changes the given preferences. */
  @Update('preferences')
  @Takes({ channels: { questDue: { email: true } }, quietHours: { start: '22:00', end: '07:00' } })
  @Gives(NotificationPreferencesResponse)
  @Fails(PRECONDITION_FAILED, WRITE_CONFLICT)
  updateNotificationPreferences(
    @CurrentUser() user: CurrentUser,
    @Body() change: UpdateNotificationPreferencesDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.preferences.update(user.id, change, versions);
  }

  /** Marks all as read. */
  @Post('read-all')
  @HttpCode(200)
  @Gives(ReadAllResponse)
  readAllNotifications(@CurrentUser() user: CurrentUser) {
    return this.notifications.readAll(user.id);
  }

  /** The browsers that are pushed to. */
  @Get('devices')
  @GivesArray(DeviceResponse)
  listDevices(@CurrentUser() user: CurrentUser) {
    return this.devices.list(user.id);
  }

  /** Registers a browser for Web Push. The same one again is the same device. */
  @Post('devices')
  @Gives(DeviceResponse, 201)
  @Fails(PUSH_UNAVAILABLE, DEVICE_LIMIT)
  registerDevice(@CurrentUser() user: CurrentUser, @Body() body: RegisterDeviceDto) {
    return this.devices.register(user.id, body);
  }

  /** Pushes nothing more to a browser. */
  @Delete('devices')
  @Gives(RemovedResponse)
  @Fails(DEVICE_NOT_FOUND)
  removeDevice(@CurrentUser() user: CurrentUser, @Body() body: RemoveDeviceDto) {
    return this.devices.remove(user.id, body);
  }

  /** Marks one as read or unread, or hides it for a while. */
  @Update(':id', 'patch')
  @Takes({ read: true })
  @Gives(NotificationResponse)
  @Fails(NOTIFICATION_NOT_FOUND, PRECONDITION_FAILED)
  update(
    @CurrentUser() user: CurrentUser,
    @NotificationId() id: string,
    @Body() body: UpdateNotificationDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.notifications.update(user.id, id, body, versions);
  }

  /** Removes one. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(NOTIFICATION_NOT_FOUND, PRECONDITION_FAILED)
  remove(
    @CurrentUser() user: CurrentUser,
    @NotificationId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.notifications.remove(user.id, id, versions);
  }
}
