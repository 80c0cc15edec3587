import { Injectable } from '@nestjs/common';
import { CreateMemoryDto } from '../../memories/dto/memory.dto.js';
import { MEMORY_NOT_FOUND } from '../../memories/memories.errors.js';
import { MemoriesService } from '../../memories/memories.service.js';
import { id, takes, text, texts } from './parameters.js';
import { argumentsAs, idIn, type Tool, type ToolSet } from './tool.js';

const MOST_LISTED = 100;
const SHOWN_LENGTH = 100;

@Injectable()
export class MemoryTools implements ToolSet {
  constructor(private readonly memories: MemoriesService) {}

  readonly tools: readonly Tool[] = [
    {
      name: 'remember',
      description: 'Remembers something about the user for all conversations to come.',
      parameters: takes(
        { content: text('What is to be remembered', 2000), tags: texts('Tags', 10) },
        'content',
      ),
      run: async ({ id: userId }, given) => {
        const body = await argumentsAs(CreateMemoryDto, given);
        const memory = await this.memories.create(userId, body, 'assistant');
        return {
          result: { id: memory.id, content: memory.content },
          summary: 'Remembered something',
          resource: `/v1/memories/${memory.id}`,
        };
      },
    },
    {
      name: 'list_memories',
      description: 'What is remembered about the user, newest first.',
      parameters: takes({}),
      run: async ({ id: userId }) => {
        const page = { limit: MOST_LISTED, after: undefined };
        const { items, next } = await this.memories.list(userId, page);
        const shown = items.map(({ id: memoryId, content, tags }) => ({ id: memoryId, content, tags }));
        return { result: { items: shown, more: next !== null }, summary: 'Looked at what is remembered' };
      },
    },
    {
      name: 'forget',
      description: 'Forgets something that is remembered, once the user has confirmed it.',
      parameters: takes({ id: id('the memory') }, 'id'),
      doneCode: MEMORY_NOT_FOUND.code,
      propose: async ({ id: userId }, given) => {
        const { content, version } = await this.memories.get(userId, idIn(given, MEMORY_NOT_FOUND));
        const shown = content.length > SHOWN_LENGTH ? `${content.slice(0, SHOWN_LENGTH)}…` : content;
        return { summary: `Forget “${shown.toWellFormed()}”`, version };
      },
      carryOut: async ({ id: userId }, given, versions) => ({
        result: await this.memories.remove(userId, idIn(given, MEMORY_NOT_FOUND), versions),
        summary: 'Forgot something',
      }),
    },
  ];
}
