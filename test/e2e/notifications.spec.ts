import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

const PREFERENCES = '/v1/notifications/preferences';
const DEVICES = '/v1/notifications/devices';

describe('Notifications', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  it('are none for somebody new', async () => {
    const { data, body } = await ada.client.get('/v1/notifications');
    expect([data, body.meta]).toEqual([[], { count: 0, nextCursor: null }]);
    expect((await ada.client.get('/v1/notifications/unread-count')).data).toEqual({
      unread: 0,
      more: false,
    });
    expect((await ada.client.post('/v1/notifications/read-all')).data).toEqual({ read: 0 });
  });

  it.each(['no-id', randomUUID()])('of an id like %s there are none', async (id) => {
    for (const send of [
      () => ada.client.patch(`/v1/notifications/${id}`, { read: true }),
      () => ada.client.delete(`/v1/notifications/${id}`),
    ]) {
      const { status, error } = await send();
      expect([status, error.code]).toEqual([404, 'NOTIFICATION_NOT_FOUND']);
    }
  });

  it.each([
    ['snoozeUntil', { snoozeUntil: '2020-01-01T00:00:00Z' }],
    ['snoozeUntil', { snoozeUntil: '2999-01-01T00:00:00Z' }],
    ['snoozeUntil', { snoozeUntil: 'later' }],
    ['snoozeUntil', { read: true, snoozeUntil: new Date(Date.now() + 3_600_000).toISOString() }],
    ['read', { read: 'yes' }],
    ['unreadable', { unreadable: 'x' }],
  ])('refuse a bad %s: %j', async (field, body) => {
    const { status, error } = await ada.client.patch(`/v1/notifications/${randomUUID()}`, body);
    expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'VALIDATION_ERROR', field]);
  });

  it.each(['unread=maybe', 'unread=false', 'kind=spam', 'limit=0'])('are not listed by %s', async (query) => {
    expect((await ada.client.get(`/v1/notifications?${query}`)).status).toBe(400);
  });

  describe('Preferences', () => {
    const channels = { inApp: true, email: false, push: true };
    const defaults = {
      channels: { questDue: channels, questOverdue: channels, certificationExpiry: channels },
      quietHours: null,
      digest: { enabled: false, hour: 8 },
      reminderHour: 8,
      pushPublicKey: null,
      version: 0,
    };

    it('begin with what bothers nobody', async () => {
      expect((await ada.client.get(PREFERENCES)).data).toEqual(defaults);
    });

    it('are changed field by field, and stay', async () => {
      const person = await app.person();
      const one = await person.client.put(PREFERENCES, { channels: { questDue: { email: true } } });
      expect(one.data).toEqual({
        ...defaults,
        channels: {
          questDue: { ...channels, email: true },
          questOverdue: channels,
          certificationExpiry: channels,
        },
        version: 1,
      });
      const quietHours = { start: '22:00', end: '07:00' };
      const other = await person.client.put(PREFERENCES, {
        quietHours,
        digest: { enabled: true },
        reminderHour: 6,
      });
      expect(other.data).toMatchObject({
        channels: { questDue: { email: true } },
        quietHours: { ...quietHours, timezone: null },
        digest: { enabled: true, hour: 8 },
        reminderHour: 6,
        version: 2,
      });
      const standing = await person.client.get(PREFERENCES);
      expect(standing.data).toEqual(other.data);
      for (let times = 0; times < 5; times += 1) {
        const headers = { 'If-None-Match': standing.headers['etag'] ?? '' };
        expect((await person.client.get(PREFERENCES, { headers })).status).toBe(304);
      }
      expect((await person.client.put(PREFERENCES, { quietHours: null })).data.quietHours).toBeNull();
    });

    it('take part in optimistic concurrency', async () => {
      const person = await app.person();
      const headers = { 'If-Match': (await person.client.get(PREFERENCES)).headers['etag'] ?? '' };
      expect((await person.client.put(PREFERENCES, { reminderHour: 9 }, { headers })).status).toBe(200);
      expect((await person.client.put(PREFERENCES, { reminderHour: 10 }, { headers })).status).toBe(412);
    });

    it('changed by many at once lose nothing', async () => {
      const person = await app.person();
      const changes = [
        { channels: { questDue: { email: true } } },
        { channels: { questOverdue: { push: false } } },
        { reminderHour: 7 },
        { digest: { hour: 21 } },
      ];
      await Promise.all(changes.map((change) => person.client.put(PREFERENCES, change)));
      expect((await person.client.get(PREFERENCES)).data).toMatchObject({
        channels: { questDue: { email: true }, questOverdue: { push: false } },
        reminderHour: 7,
        digest: { hour: 21 },
        version: 4,
      });
    });

    it.each([
      ['channels.questDue.email', { channels: { questDue: { email: 'yes' } } }],
      ['channels.spam', { channels: { spam: { email: true } } }],
      ['quietHours.start', { quietHours: { start: '25:00', end: '07:00' } }],
      ['quietHours.end', { quietHours: { start: '22:00' } }],
      ['quietHours.end', { quietHours: { start: '22:00', end: '22:00' } }],
      ['quietHours.timezone', { quietHours: { start: '22:00', end: '07:00', timezone: 'Mars/Base' } }],
      ['digest.hour', { digest: { hour: 24 } }],
      ['reminderHour', { reminderHour: 24 }],
      ['version', { version: 'x' }],
    ])('refuse a bad %s: %j', async (field, change) => {
      const { status, error } = await ada.client.put(PREFERENCES, change);
      expect([status, error.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(error.details?.map((detail) => detail.field)).toContain(field);
    });
  });

  describe('Devices', () => {
    const device = {
      endpoint: 'https://fcm.googleapis.com/fcm/send/example',
      keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) },
    };

    it('are not taken while there are no keys for Web Push', async () => {
      const { status, error } = await ada.client.post(DEVICES, device);
      expect([status, error.code]).toEqual([409, 'PUSH_UNAVAILABLE']);
      const removed = await ada.client.delete(DEVICES, { body: { endpoint: device.endpoint } });
      expect([removed.status, removed.error.code]).toEqual([404, 'DEVICE_NOT_FOUND']);
    });

    it.each([
      ['keys', { ...device, keys: undefined }],
      ['keys.p256dh', { ...device, keys: { ...device.keys, p256dh: 'short' } }],
      ['keys.auth', { ...device, keys: { ...device.keys, auth: '<script>' } }],
      ['endpoint', { ...device, endpoint: 'x' }],
    ])('refuse a bad %s', async (field, body) => {
      const { status, error } = await ada.client.post(DEVICES, body);
      expect([status, error.details?.[0]?.field]).toEqual([400, field]);
    });
  });

  describe('Unsubscribing', () => {
    it.each(['', 'token=', 'token=x', `token=${'A'.repeat(80)}`])('takes no %s', async (query) => {
      for (const send of [
        () => app.client.get(`/v1/notifications/unsubscribe?${query}`),
        () => app.client.post(`/v1/notifications/unsubscribe?${query}`),
      ]) {
        const { status, error } = await send();
        expect(status).toBe(400);
        expect(['UNSUBSCRIBE_INVALID', 'VALIDATION_ERROR']).toContain(error.code);
      }
    });
  });
});
