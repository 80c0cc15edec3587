import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { Page } from '../../platform/dynamodb/item.js';
import { DevicesRepository } from './devices.repository.js';
import { asResponse as deviceResponse } from './devices.service.js';
import { NotificationsRepository } from './notifications.repository.js';
import { asResponse } from './notifications.service.js';
import { PreferencesRepository } from './preferences.repository.js';
import { RemindersRepository } from './reminders.repository.js';

/** How notifications, and what somebody has said of them, are exported and erased. */
@Injectable()
export class NotificationsAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly notifications: NotificationsRepository,
    private readonly preferences: PreferencesRepository,
    private readonly devices: DevicesRepository,
    private readonly reminders: RemindersRepository,
  ) {
    // What would raise another one goes first.
    this.registry.register({ entity: 'reminders', erase: ({ userId }) => this.reminders.erase(userId) });
    this.registry.register({
      entity: 'notifications',
      export: async (userId, page) => (await this.notifications.listAll(userId, page)).map(asResponse),
      erase: ({ userId }) => this.notifications.erase(userId),
    });
    this.registry.register({
      entity: 'notificationPreferences',
      export: async (userId) => new Page([(await this.preferences.find(userId)).preferences], null),
      erase: ({ userId }) => this.preferences.erase(userId),
    });
    this.registry.register({
      entity: 'pushDevices',
      export: async (userId) => new Page((await this.devices.list(userId)).map(deviceResponse), null),
      erase: ({ userId }) => this.devices.erase(userId),
    });
  }
}
