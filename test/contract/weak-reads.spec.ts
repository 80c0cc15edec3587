import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const SHOWN = 'is shown and decides nothing; what changes because of it reads again, or has a condition';
const INDEX = 'goes through an index, which has no consistent reads; the write that follows has a condition';
const COUNTED = 'is a figure for people; what is counted exactly is counted by transactions';

/** Reads of the table that may show a state of some milliseconds ago, and why that is right. */
const WEAK: Readonly<Record<string, string>> = {
  'modules/analytics/counting/counters.repository.ts#findFirstDay': COUNTED,
  'modules/analytics/counting/counters.repository.ts#findTotal': COUNTED,
  'modules/analytics/counting/counters.repository.ts#inOrder': COUNTED,
  'modules/analytics/counting/counters.repository.ts#readOpen': COUNTED,
  'modules/analytics/visitors/sources.repository.ts#listTop': COUNTED,
  'modules/audit/audit-trail.ts#page': SHOWN,
  'modules/blog/posts.repository.ts#findIdBySlug': SHOWN,
  'modules/blog/posts.repository.ts#findListed': SHOWN,
  'modules/blog/posts.repository.ts#findMany': SHOWN,
  'modules/blog/posts.repository.ts#freeSlugOf':
    'proposes a name; the transaction that takes it has the condition',
  'modules/blog/posts.repository.ts#listCounts': SHOWN,
  'modules/blog/posts.repository.ts#listFirst': SHOWN,
  'modules/blog/posts.repository.ts#load': SHOWN,
  'modules/blog/posts.repository.ts#page': SHOWN,
  'modules/blog/posts.repository.ts#textsOf': SHOWN,
  'modules/chat/actions/actions.repository.ts#page': SHOWN,
  'modules/chat/conversations/conversations.repository.ts#listAll': SHOWN,
  'modules/chat/conversations/conversations.repository.ts#page': SHOWN,
  'modules/chat/messages/messages.repository.ts#page': SHOWN,
  'modules/chat/messages/messages.repository.ts#timeline': SHOWN,
  'modules/chat/usage/usage.repository.ts#list': COUNTED,
  'modules/chat/usage/usage.repository.ts#page': COUNTED,
  'modules/context/contexts.repository.ts#find': SHOWN,
  'modules/context/contexts.repository.ts#listUsersWith': INDEX,
  'modules/context/contexts.repository.ts#page': SHOWN,
  'modules/guitars/guitars.repository.ts#find': SHOWN,
  'modules/guitars/guitars.repository.ts#listBrands': SHOWN,
  'modules/guitars/guitars.repository.ts#listForStatistics': COUNTED,
  'modules/guitars/guitars.repository.ts#page': SHOWN,
  'modules/images/images.repository.ts#find': SHOWN,
  'modules/images/images.repository.ts#list': SHOWN,
  'modules/images/images.repository.ts#listAll': SHOWN,
  'modules/invites/invites.repository.ts#forgetAddress':
    'goes through an index; the sweeper repeats it minutes later',
  'modules/invites/invites.repository.ts#list': INDEX,
  'modules/memories/memories.repository.ts#all':
    'goes into a prompt; a memory that is late is in the next one',
  'modules/memories/memories.repository.ts#find': SHOWN,
  'modules/memories/memories.repository.ts#page': SHOWN,
  'modules/notifications/delivery/deliveries.repository.ts#listGathered':
    'what is late goes with the next digest; sending claims each',
  'modules/notifications/notifications.repository.ts#countUnread': SHOWN,
  'modules/notifications/notifications.repository.ts#list': SHOWN,
  'modules/notifications/notifications.repository.ts#listAll': SHOWN,
  'modules/notifications/notifications.repository.ts#listUnread': SHOWN,
  'modules/portfolio/entries.ts#find': SHOWN,
  'modules/portfolio/entries.ts#listAll': SHOWN,
  'modules/portfolio/entries.ts#namesOf': SHOWN,
  'modules/portfolio/entries.ts#page': SHOWN,
  'modules/portfolio/settings/settings.repository.ts#find': SHOWN,
  'modules/privacy/erasures.repository.ts#listOpen': INDEX,
  'modules/quests/goals/milestones.repository.ts#list': SHOWN,
  'modules/quests/goals/milestones.repository.ts#listAll': SHOWN,
  'modules/quests/quest-lists.repository.ts#list': SHOWN,
  'modules/quests/quest-lists.repository.ts#listTasksDone': COUNTED,
  'modules/quests/quest-lists.repository.ts#listWhole': SHOWN,
  'modules/quests/quests.repository.ts#find': SHOWN,
  'modules/quests/quests.repository.ts#findAny': SHOWN,
  'modules/quests/quests.repository.ts#itemsOfGoal': INDEX,
  'modules/quests/recurrence/rules.repository.ts#list': SHOWN,
  'modules/quests/recurrence/rules.repository.ts#listAll':
    'finds the rules of a zone that has changed; each is read again before it is written',
  'modules/resume/resume.repository.ts#find': SHOWN,
  'modules/system/readiness.service.ts#check': 'asks only whether the table answers',
  'modules/users/users.repository.ts#list': INDEX,
  'platform/dynamodb/due-items.ts#each':
    'goes through an index; the work takes each item under a condition, and the next run finds what was late',
  'platform/dynamodb/table.ts#all': 'passes on what its caller asks for',
  'platform/dynamodb/table.ts#page': 'passes on what its caller asks for',
  'platform/identity/local/accounts.repository.ts#findSub':
    'is asked again, consistently, before anybody is refused',
  'platform/mail/suppression-list.ts#has': 'an address that bounced a moment ago gets one mail more',
};

const READS = new Set(['get', 'getMany', 'all', 'page']);

/** `file#method` of every read of the table that does not say whether it is consistent. */
function weakReads(): string[] {
  const files = execFileSync('git', ['ls-files', 'src/*.ts'], { encoding: 'utf8' }).trim().split('\n');
  const found = new Set<string>();
  for (const file of files.filter((name) => !name.endsWith('.spec.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node, method: ts.MethodDeclaration | undefined): void => {
      const within = ts.isMethodDeclaration(node) ? node : method;
      if (ts.isCallExpression(node) && isRead(node) && !saysHow(node, within))
        found.add(`${file.replace('src/', '')}#${within?.name.getText() ?? ''}`);
      ts.forEachChild(node, (child) => visit(child, within));
    };
    visit(source, undefined);
  }
  return [...found].sort();
}

const isRead = ({ expression }: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(expression) &&
  /(^|\.)(table|listings)$/.test(expression.expression.getText()) &&
  READS.has(expression.name.text);

/** In its arguments, or in what was put into a constant for them. */
function saysHow(call: ts.CallExpression, method: ts.MethodDeclaration | undefined): boolean {
  const given = call.arguments.map((argument) => argument.getText()).join();
  const constants = [...given.matchAll(/\b[a-z]\w*\b/g)].map(
    ([name]) => new RegExp(`const ${name} = [^;]*;`).exec(method?.getText() ?? '')?.[0] ?? '',
  );
  return /\bconsistent\b/.test([given, ...constants].join());
}

describe('A read that is not consistent', () => {
  it('has a reason', () => {
    expect(weakReads()).toEqual(Object.keys(WEAK).sort());
  });
});
