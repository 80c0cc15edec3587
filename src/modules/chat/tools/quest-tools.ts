import { Injectable } from '@nestjs/common';
import type { SeenVersions } from '../../../platform/dynamodb/faults.js';
import { ApiError } from '../../../http/errors/api-error.js';
import { CreateQuestDto, UpdateQuestDto } from '../../quests/dto/quest.dto.js';
import { ListQuestsQuery, QuestTypeQuery } from '../../quests/dto/quest-query.dto.js';
import type { GoalResponse, TaskResponse } from '../../quests/dto/quest-response.dto.js';
import { PRIORITIES, QUEST_TYPES, STATUSES } from '../../quests/quest.js';
import { QuestListsService } from '../../quests/quest-lists.service.js';
import { QuestsService } from '../../quests/quests.service.js';
import { QUEST_NOT_FOUND } from '../../quests/quests.errors.js';
import { date, id, integer, oneOf, takes, text } from './parameters.js';
import {
  type Arguments,
  argumentsAs,
  type Caller,
  idIn,
  type Outcome,
  type Tool,
  type ToolSet,
} from './tool.js';

const MOST_LISTED = 50;

const FIELDS = {
  title: text('What is to be done', 200),
  dueDate: date('When a task is due, or a goal should be reached'),
  description: text('More about it'),
  category: text('A word to group by', 100),
  priority: oneOf(PRIORITIES),
  goalId: text('The id of the goal that a task serves', 100),
};
const TYPE = oneOf(QUEST_TYPES);

/** What a model is shown of a quest. */
const brief = (quest: TaskResponse | GoalResponse) => ({
  id: quest.id,
  type: quest.type,
  title: quest.title,
  status: quest.status,
  dueDate: quest.type === 'goal' ? quest.targetDate : quest.dueDate,
  ...(quest.priority && { priority: quest.priority }),
  ...(quest.category && { category: quest.category }),
  ...(quest.type === 'task' && quest.goalId && { goalId: quest.goalId }),
});

const whole = (quest: TaskResponse | GoalResponse) => ({
  ...brief(quest),
  ...(quest.description && { description: quest.description }),
});

const outcome = (done: string, quest: TaskResponse | GoalResponse): Outcome => ({
  result: whole(quest),
  summary: `${done} the ${quest.type} “${quest.title}”`,
  resource: `/v1/quests/${quest.id}`,
});

@Injectable()
export class QuestTools implements ToolSet {
  constructor(
    private readonly quests: QuestsService,
    private readonly lists: QuestListsService,
  ) {}

  readonly tools: readonly Tool[] = [
    {
      name: 'create_quest',
      description: 'Makes a task or a goal.',
      parameters: takes({ type: TYPE, ...FIELDS }, 'type', 'title', 'dueDate'),
      run: async ({ id: userId }, given) =>
        outcome('Added', await this.quests.create(userId, await argumentsAs(CreateQuestDto, given))),
    },
    {
      name: 'list_quests',
      description:
        'Lists tasks or goals by date. At least one of date, view, from, to, type, status and goalId must be given.',
      parameters: takes({
        date: date('Tasks of this day'),
        from: date('The first day'),
        to: date('The last day'),
        view: oneOf(['today', 'overdue', 'upcoming'], 'overdue and upcoming are open tasks only'),
        type: TYPE,
        status: oneOf(STATUSES, 'Tasks: pending, in-progress, completed. Goals: active, completed, paused'),
        goalId: FIELDS.goalId,
        limit: integer('How many at most; 20 without it', 1, MOST_LISTED),
      }),
      run: (caller, given) => this.list(caller, given),
    },
    {
      name: 'complete_quest',
      description: 'Completes a task or a goal.',
      parameters: takes({ id: id('the task or goal'), type: TYPE }, 'id'),
      run: async ({ id: userId }, { type, ...given }) => {
        const kind = type === undefined ? undefined : (await argumentsAs(QuestTypeQuery, { type })).type;
        const quest = idIn(given, QUEST_NOT_FOUND);
        return outcome('Completed', await this.quests.complete(userId, quest, kind, {}));
      },
    },
    {
      name: 'update_quest',
      description: 'Changes the given fields of a task or a goal; null clears an optional one.',
      parameters: takes(
        { id: id('the task or goal'), type: TYPE, ...FIELDS, status: oneOf(STATUSES) },
        'id',
        'type',
      ),
      run: async ({ id: userId }, { id: questId, type: kind, ...fields }) => {
        const { type } = await argumentsAs(QuestTypeQuery, { type: kind });
        const change = await argumentsAs(UpdateQuestDto, fields);
        const quest = idIn({ id: questId }, QUEST_NOT_FOUND);
        return outcome('Changed', await this.quests.update(userId, type, quest, change, undefined));
      },
    },
    {
      name: 'delete_quest',
      description: 'Deletes a task or a goal, once the user has confirmed it.',
      parameters: takes({ id: id('the task or goal'), type: TYPE }, 'id', 'type'),
      doneCode: QUEST_NOT_FOUND.code,
      propose: async (caller, given) => {
        const { type, title, version } = await this.named(caller, given);
        return { summary: `Delete the ${type} “${title}”`, version };
      },
      carryOut: (caller, given, versions) => this.remove(caller, given, versions),
    },
  ];

  private async list({ id: userId }: Caller, given: Arguments): Promise<Outcome> {
    const query = await argumentsAs(ListQuestsQuery, given);
    // A day is answered whole elsewhere; a model has no room for that.
    const limit = Math.min(query.limit ?? 20, MOST_LISTED);
    const { items, next } = await this.lists.list(userId, Object.assign(query, { limit }));
    return { result: { items: items.map(brief), more: next !== null }, summary: 'Looked at your quests' };
  }

  private async named({ id: userId }: Caller, { type: kind, ...given }: Arguments) {
    const { type } = await argumentsAs(QuestTypeQuery, { type: kind });
    const quest = await this.quests.get(userId, idIn(given, QUEST_NOT_FOUND), type);
    if (quest.type !== type) throw new ApiError(QUEST_NOT_FOUND);
    return quest;
  }

  private async remove({ id: userId }: Caller, given: Arguments, versions: SeenVersions): Promise<Outcome> {
    const { type } = await argumentsAs(QuestTypeQuery, { type: given['type'] });
    const result = await this.quests.remove(userId, type, idIn(given, QUEST_NOT_FOUND), versions);
    return { result, summary: `Deleted the ${type}` };
  }
}
