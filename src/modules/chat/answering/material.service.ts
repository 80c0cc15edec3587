import { Injectable } from '@nestjs/common';
import { ContextsService } from '../../context/contexts.service.js';
import { MemoriesService } from '../../memories/memories.service.js';
import { UsersService } from '../../users/users.service.js';
import type { Message } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import type { Material } from './prompt.js';

const HISTORY = 20;
const CONTEXTS = 20;

/** Reads what a model is told of its user. */
@Injectable()
export class MaterialService {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly contexts: ContextsService,
    private readonly memories: MemoriesService,
    private readonly users: UsersService,
  ) {}

  /** @returns the message as it stands now, and what goes with it */
  async of(
    userId: string,
    asked: Message,
  ): Promise<{ readonly message: Message | undefined; readonly material: Material }> {
    const [said, contexts, memories, { today, timezone }] = await Promise.all([
      this.messages.listBefore(userId, asked, HISTORY),
      this.contexts.list(userId, { limit: CONTEXTS, after: undefined }),
      this.memories.all(userId),
      this.users.dayOf(userId),
    ]);
    const message = said.find(({ messageId }) => messageId === asked.messageId);
    const history = said.filter((other) => other !== message);
    return { message, material: { today, timezone, history, contexts: contexts.items, memories } };
  }
}
