import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routesOf } from '../../src/http/openapi/routes.js';
import { isolatedEnvironment } from '../support/environment.js';
import { SocketApp } from '../support/socket-app.js';

describe('Who may call what', () => {
  let running: SocketApp;
  beforeAll(async () => {
    running = await SocketApp.start(await isolatedEnvironment());
  });
  afterAll(() => running.stop());

  it('these routes are public, and no others', () => {
    const open = routesOf(running.app)
      .filter(({ access }) => access.level !== 'user')
      .map(({ operationId, access }) => `${operationId} ${access.level}`);
    expect(open.sort()).toEqual([
      'answerChallenge public',
      'confirmAddress public',
      'forgotPassword public',
      'getCalendar public',
      'getErasure public',
      'getFile public',
      'getHealth public',
      'getKeySet public',
      'getOpenApi public',
      'getOpenIdConfiguration public',
      'getPage public',
      'getReadiness public',
      'getUnsubscribePage public',
      'listErrors public',
      'login public',
      'refresh public',
      'register public',
      'reportMail public',
      'resendConfirmation public',
      'resetPassword public',
      'unsubscribe public',
      'validateInvite public',
    ]);
  });

  it('every POST that a signed-in user creates with takes an Idempotency-Key', () => {
    const idempotent = routesOf(running.app).filter(({ idempotent }) => idempotent);
    expect(idempotent.map(({ operationId }) => operationId).sort()).toEqual([
      'changeQuests',
      'createGuitar',
      'createMilestone',
      'createNote',
      'createQuest',
      'createRecurrenceRule',
    ]);
  });

  it('every operation has a name of its own', () => {
    const names = routesOf(running.app).map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});
