import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { JsonLogger } from '../logger.js';
import { requestContext } from '../request-context.js';
import { ApiSecrets } from '../secrets/api-secrets.js';
import { ModelFailed, type ModelReply, type ModelRequest, NO_TOKENS, sumOf, UnknownModel } from './model.js';
import { type Endpoint, OpenAiProtocol } from './openai-protocol.js';

const OPENROUTER = 'https://openrouter.ai/api/v1';
/** Chooses a model by the prompt. */
const OPENROUTER_CHOOSES = 'openrouter/auto';
/** Left of a request's time to store the answer in. */
const STORING_MS = 2000;
const SHORTEST_CALL_MS = 250;

export const OFFLINE_MODEL = 'hearth-offline';

/** Asks the models that are configured, one after the other until one answers; without any, the one that is built in. */
@Injectable()
export class Models {
  private readonly protocol: OpenAiProtocol;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly secrets: ApiSecrets,
    private readonly logger: JsonLogger,
  ) {
    this.protocol = new OpenAiProtocol(config.ai.answerTokens);
  }

  /** As far as it is known without asking anybody. @throws {UnknownModel} */
  async assertKnown(model: string | undefined): Promise<void> {
    if (model === undefined) return;
    const endpoint = await this.endpoint();
    const known = endpoint ? this.namesOf(endpoint) : [OFFLINE_MODEL];
    if (known && !known.includes(model)) throw new UnknownModel(known);
  }

  /** @throws {ModelFailed} when none answers within the time that is left for the request; with what all of them took */
  async reply(request: ModelRequest): Promise<ModelReply> {
    const endpoint = await this.endpoint();
    if (!endpoint) {
      const { replyOffline } = await import('./offline.late.js');
      return { ...replyOffline(request), model: OFFLINE_MODEL, tokens: NO_TOKENS };
    }
    const names = this.namesOf(endpoint) ?? [await this.protocol.firstModel(endpoint, this.callSignal())];
    const first = names.find((name) => name === request.model) ?? names[0];
    const failures: ModelFailed[] = [];
    for (const model of [first, ...names.filter((name) => name !== first)]) {
      if (model === undefined) break;
      try {
        const reply = await this.protocol.reply(endpoint, { ...request, model }, this.callSignal());
        return { ...reply, tokens: sumOf([reply.tokens, ...failures.map(({ tokens }) => tokens)]) };
      } catch (error) {
        if (!(error instanceof ModelFailed)) throw error;
        this.logger.write('warn', { message: error.message });
        failures.push(error);
      }
    }
    const last = failures.at(-1);
    const taken = sumOf(failures.map(({ tokens }) => tokens));
    throw new ModelFailed(last?.fault ?? 'unreachable', names.join(', '), last?.retryAfterSeconds, taken);
  }

  /** Undefined where no model is to be reached. A key goes nowhere but to where it belongs. */
  private async endpoint(): Promise<Endpoint | undefined> {
    const { baseUrl, apiKey } = this.config.ai;
    const { openRouterApiKey, aiApiKey } = apiKey === undefined ? await this.secrets.read() : {};
    if (baseUrl !== undefined) return { baseUrl, apiKey: apiKey ?? aiApiKey };
    const key = apiKey ?? openRouterApiKey;
    return key === undefined ? undefined : { baseUrl: OPENROUTER, apiKey: key };
  }

  /** Undefined where the endpoint must be asked. */
  private namesOf({ baseUrl }: Endpoint): readonly string[] | undefined {
    const { models } = this.config.ai;
    if (models.length > 0) return models;
    return baseUrl === OPENROUTER ? [OPENROUTER_CHOOSES] : undefined;
  }

  /** @throws {ModelFailed} when the request has no time left */
  private callSignal(): AbortSignal {
    const left = requestContext.remainingMs() - STORING_MS;
    if (left < SHORTEST_CALL_MS) throw new ModelFailed('timeout', 'no time is left for another call');
    return AbortSignal.timeout(Math.floor(Math.min(this.config.ai.requestTimeoutMs, left)));
  }
}
