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
      'acceptInvite unadmitted',
      'answerChallenge public',
      'confirmAddress public',
      'forgotPassword public',
      'getAtomFeed public',
      'getCalendar public',
      'getCertification optional',
      'getContentViews public',
      'getErasure public',
      'getFile public',
      'getHealth public',
      'getIcon public',
      'getJsonFeed public',
      'getKeySet public',
      'getOpenApi public',
      'getOpenIdConfiguration public',
      'getPage public',
      'getPost optional',
      'getPostBySlug optional',
      'getProject optional',
      'getReadiness public',
      'getRegisterPage public',
      'getResetPasswordPage public',
      'getResume public',
      'getRssFeed public',
      'getSitemap public',
      'getStart public',
      'getUndoEmailChangePage public',
      'getUnsubscribePage public',
      'getViewsBadge public',
      'getVisitorCount public',
      'getVisitorsBadge public',
      'getVisitorsChart public',
      'listCategories public',
      'listCertifications optional',
      'listErrors public',
      'listPosts optional',
      'listProjects optional',
      'listTags public',
      'login public',
      'logout attempted',
      'refresh public',
      'register public',
      'reportMail public',
      'resendConfirmation public',
      'resetPassword public',
      'trackView optional',
      'trackVisitor optional',
      'undoEmailChange public',
      'unsubscribe public',
      'validateInvite public',
    ]);
  });

  it('every POST that a signed-in user creates with takes an Idempotency-Key', () => {
    const idempotent = routesOf(running.app).filter(({ idempotent }) => idempotent);
    expect(idempotent.map(({ operationId }) => operationId).sort()).toEqual([
      'changeQuests',
      'createCertification',
      'createConversation',
      'createGuitar',
      'createMemory',
      'createMilestone',
      'createNote',
      'createPost',
      'createProject',
      'createQuest',
      'createRecurrenceRule',
      'sendMessage',
    ]);
  });

  it('every operation has a name of its own', () => {
    const names = routesOf(running.app).map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});
