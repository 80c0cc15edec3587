import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificationsRepository } from '../../src/modules/notifications/notifications.repository.js';
import { TestClock } from '../support/clock.js';
import { portfolioOf } from '../support/portfolio.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

describe('Reminders of certifications', () => {
  const clock = new TestClock();
  let app: TestApp;
  let owner: Person;
  let member: Person;
  beforeAll(async () => {
    clock.set('2082-03-01T12:00:00Z');
    app = await TestApp.start({ clock });
    owner = await app.owner();
    member = await app.person('Eve');
    const make = portfolioOf(owner);
    await make.certification({ name: 'Soon', expiresAt: '2082-04-05' });
    await make.certification({ name: 'Later', expiresAt: '2082-06-30' });
    await make.certification({ name: 'Never' });
    await owner.client.post('/v1/certifications', {
      name: 'Draft',
      issuer: 'Example Academy',
      type: 'course',
      dateEarned: '2080-01-01',
      expiresAt: '2082-04-05',
    });
  });
  afterAll(() => app.stop());

  /** Past tokens, which live an hour. */
  const inbox = async ({ userId }: Person) => {
    const notifications = (app.running as SocketApp).app.get(NotificationsRepository, { strict: false });
    const { items } = await notifications.listAll(userId, { limit: 100 });
    return items.map(({ kind, title, body }) => `${kind}: ${title}: ${String(body)}`);
  };
  const morningOf = async (date: string) => {
    clock.set(`${date}T09:00:00Z`);
    await work(app, 'notify');
    await work(app, 'notify');
  };
  const expiring = 'certificationExpiry: 2 certifications expire soon: Draft: 2082-04-05\nSoon: 2082-04-05';

  it('tell the owner once when thirty days are left, drafts included', async () => {
    await morningOf('2082-03-05');
    expect(await inbox(owner)).toEqual([]);
    await morningOf('2082-03-06');
    expect(await inbox(owner)).toEqual([expiring]);
    await morningOf('2082-03-07');
    expect(await inbox(owner)).toHaveLength(1);
  });

  it('tell once when it has expired, also after days of silence; and nobody else', async () => {
    await morningOf('2082-04-05');
    expect(await inbox(owner)).toHaveLength(1);
    await morningOf('2082-04-09');
    await morningOf('2082-04-10');
    const expired = 'certificationExpiry: 2 certifications have expired: Draft: 2082-04-05\nSoon: 2082-04-05';
    expect((await inbox(owner)).sort()).toEqual([expiring, expired].sort());
    expect(await inbox(member)).toEqual([]);
  });

  it('of one that went from valid to expired in silence tell that it has expired, and no more', async () => {
    await morningOf('2082-08-01');
    const told = (await inbox(owner)).filter((title) => title.includes('Later'));
    expect(told).toEqual(['certificationExpiry: Later expired on 2082-06-30: Example Academy']);
  });

  it('of very many at once are one message each time, and keep back no other reminder', async () => {
    clock.set('2082-08-01T12:00:00Z');
    const make = portfolioOf(await app.signIn(owner.email));
    for (let number = 0; number < 60; number += 1)
      await make.certification({ name: `Of many ${number}`, expiresAt: '2082-10-01' });
    const quest = { type: 'task', title: 'Restring', dueDate: '2082-09-02' };
    await (await app.signIn(owner.email)).client.post('/v1/quests', quest);
    await morningOf('2082-09-02');
    expect(await inbox(owner)).toContain('questDue: 1 quest is due today: Restring');
    const told = (await inbox(owner)).find((title) => title.includes('Of many'));
    expect(told).toMatch(/60 certifications expire soon: (Of many \d+: 2082-10-01\n){10}and 50 more$/);
  });
});
