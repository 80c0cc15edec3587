import { exceededLimit } from '../../../http/validation/json-limits.js';
import { Injectable } from '@nestjs/common';
import { isAbove } from '../../../http/access/access.decorators.js';
import type { ToolResponse } from '../dto/chat.dto.js';
import { ContextTools } from './context-tools.js';
import { GuitarTools } from './guitar-tools.js';
import { MemoryTools } from './memory-tools.js';
import { PostTools } from './post-tools.js';
import { QuestTools } from './quest-tools.js';
import { type Arguments, type Caller, isGuarded, type Tool } from './tool.js';

/** A call that cannot be understood; the model is told why. */
export class BadCall extends Error {
  constructor(
    readonly code: 'UNKNOWN_TOOL' | 'ARGUMENTS_INVALID' | 'ARGUMENTS_TOO_LARGE' | 'TOO_MANY_CALLS',
    message: string,
  ) {
    super(message);
  }
}

/** All there is that a model may have done. */
@Injectable()
export class ToolBox {
  private readonly tools: readonly Tool[];

  constructor(
    quests: QuestTools,
    guitars: GuitarTools,
    posts: PostTools,
    memories: MemoryTools,
    contexts: ContextTools,
  ) {
    this.tools = [quests, guitars, posts, memories, contexts].flatMap(({ tools }) => tools);
  }

  /** What a caller has. */
  of({ role }: Pick<Caller, 'role'>): readonly Tool[] {
    return this.tools.filter(({ role: least = 'member' }) => !isAbove(least, role));
  }

  /** What a caller has, as the API shows it. */
  describe(caller: Pick<Caller, 'role'>): ToolResponse[] {
    return this.of(caller).map((tool) => ({
      name: tool.name,
      description: tool.description,
      parameters: { ...tool.parameters },
      confirmed: isGuarded(tool),
    }));
  }

  /** @throws {BadCall} */
  find(caller: Pick<Caller, 'role'>, name: string): Tool {
    const tool = this.of(caller).find((candidate) => candidate.name === name);
    if (!tool) throw new BadCall('UNKNOWN_TOOL', 'There is no such tool.');
    return tool;
  }
}

/** What a model wrote, if the tool takes such names; the tool looks at what they hold. @throws {BadCall} */
export function argumentsOf({ parameters }: Tool, written: string): Arguments {
  if (exceededLimit(Buffer.from(written)))
    throw new BadCall('ARGUMENTS_INVALID', 'The arguments are nested too deeply, or too many.');
  let given: unknown;
  try {
    given = JSON.parse(written === '' ? '{}' : written);
  } catch {
    throw new BadCall('ARGUMENTS_INVALID', 'The arguments are no JSON.');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new BadCall('ARGUMENTS_INVALID', 'The arguments must be a JSON object.');
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(parameters.properties, name));
  if (unknown.length > 0) {
    const known = Object.keys(parameters.properties).join(', ');
    throw new BadCall(
      'ARGUMENTS_INVALID',
      `There are arguments that the tool does not take. It takes: ${known}.`,
    );
  }
  return given as Arguments;
}
