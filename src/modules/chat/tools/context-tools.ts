import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { CONTEXT_NOT_FOUND, CONTEXT_TYPE_INVALID } from '../../context/context.errors.js';
import { CONTEXT_TYPE } from '../../context/context-entry.js';
import { ContextsService } from '../../context/contexts.service.js';
import { PutContextDto } from '../../context/dto/context.dto.js';
import { takes, text } from './parameters.js';
import { type Arguments, argumentsAs, type Tool, type ToolSet } from './tool.js';

const TYPE = text('What kind of context, such as assistant or project:garage', 64);

function typeIn({ contextType }: Arguments, error = CONTEXT_NOT_FOUND): string {
  if (typeof contextType !== 'string' || !CONTEXT_TYPE.test(contextType)) throw new ApiError(error);
  return contextType;
}

@Injectable()
export class ContextTools implements ToolSet {
  constructor(private readonly contexts: ContextsService) {}

  readonly tools: readonly Tool[] = [
    {
      name: 'get_context',
      description: 'What is kept of the user under one type of context.',
      parameters: takes({ contextType: TYPE }, 'contextType'),
      run: async ({ id: userId }, given) => {
        const { contextType, data } = await this.contexts.get(userId, typeIn(given));
        return { result: { contextType, data }, summary: `Looked at the context ${contextType}` };
      },
    },
    {
      name: 'save_context',
      description: 'Keeps data under a type of context. Keys that are not named stay as they are.',
      parameters: takes(
        {
          contextType: TYPE,
          data: { type: 'object', description: 'What is to be kept; null is no value' },
        },
        'contextType',
        'data',
      ),
      run: async ({ id: userId }, { contextType: kind, ...given }) => {
        const contextType = typeIn({ contextType: kind }, CONTEXT_TYPE_INVALID);
        const body = await argumentsAs(PutContextDto, given);
        const { data } = await this.contexts.add(userId, contextType, body.data);
        return {
          result: { contextType, data },
          summary: `Saved the context ${contextType}`,
          resource: `/v1/context/${contextType}`,
        };
      },
    },
  ];
}
