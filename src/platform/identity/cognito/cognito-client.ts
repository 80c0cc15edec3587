import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { clientOptions, sendToAws } from '../../aws-client.js';
import { PerhapsDone } from '../../faults.js';
import { type Operation, saysDoneBefore, translated } from './cognito-errors.js';

type Sdk = typeof import('./cognito.late.js');
type Command = Exclude<Operation, 'Refresh'>;
type CommandClass<K extends Command> = Sdk[`${K}Command`];
type Input<K extends Command> = ConstructorParameters<CommandClass<K>>[0];
type Output<K extends Command> =
  InstanceType<CommandClass<K>> extends {
    resolveMiddleware(...options: never[]): (...input: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : never;

/** Calls Cognito, whose errors come out in our own terms. The SDK's client is loaded with the first call. */
@Injectable()
export class CognitoClient {
  private connecting: ReturnType<CognitoClient['connect']> | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  get clientId(): string {
    return this.config.cognito.clientId;
  }

  get poolId(): string {
    return this.config.cognito.userPoolId;
  }

  get isEmulated(): boolean {
    return this.config.cognito.endpoint !== undefined;
  }

  /**
   * @param meant where one command means two things, as InitiateAuth does
   * @throws {PerhapsDone} when a repetition by the SDK was refused as if its first try, whose answer was lost, was done
   */
  async call<K extends Command>(command: K, input: Input<K>, meant: Operation = command): Promise<Output<K>> {
    const { sdk, client } = await (this.connecting ??= this.connect());
    const CommandConstructor = sdk[`${command}Command`] as unknown as new (input: Input<K>) => never;
    const answer: unknown = await sendToAws(async (options) => {
      try {
        return await client.send(new CommandConstructor(input), options);
      } catch (error) {
        if (saysDoneBefore(meant, error)) throw new PerhapsDone(error);
        throw translated(meant, error);
      }
    });
    return answer as Output<K>;
  }

  private async connect() {
    const sdk = await import('./cognito.late.js');
    const { endpoint, region } = this.config.cognito;
    return {
      sdk,
      client: new sdk.CognitoIdentityProviderClient(clientOptions(this.config, endpoint, { region })),
    };
  }
}
