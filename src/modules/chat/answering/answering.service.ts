import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { MESSAGE_NOT_FOUND } from '../chat.errors.js';
import type { SendMessageDto, SentMessageResponse } from '../dto/chat.dto.js';
import type { Caller } from '../tools/tool.js';
import { AnswersService } from './answers.service.js';
import { DialogueService } from './dialogue.service.js';
import { IntakeService } from './intake.service.js';
import { MaterialService } from './material.service.js';

/**
 * Answers a message: it is stored, a model is asked, which may have tools called, and the answer is stored with all that
 * was done for it. What was not answered is kept, and the same request goes on where it was.
 */
@Injectable()
export class AnsweringService {
  constructor(
    private readonly intake: IntakeService,
    private readonly material: MaterialService,
    private readonly dialogue: DialogueService,
    private readonly answers: AnswersService,
  ) {}

  /** @throws {ModelFailed} when there is no answer that can be used; the message is kept */
  async send(caller: Caller, body: SendMessageDto): Promise<SentMessageResponse> {
    const accepted = await this.intake.accept(caller.id, body);
    const { message: asked, material } = await this.material.of(caller.id, accepted);
    if (!asked) throw new ApiError(MESSAGE_NOT_FOUND);
    if (asked.answerId !== null)
      return this.answers.shown(caller.id, asked, await this.answers.find(caller.id, asked));
    const outcome = await this.dialogue.hold(caller, asked, material, body.model ?? undefined);
    return this.answers.shown(caller.id, asked, await this.answers.store(caller.id, asked, outcome));
  }
}
