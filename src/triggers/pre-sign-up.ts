import { configFromProcess } from '../config/environment.js';
import { SystemClock } from '../platform/clock.js';
import { isSealed, SEAL } from '../platform/identity/cognito/sign-up-seal.js';
import { ApplicationKeys } from '../platform/secrets/application-keys.js';
import { secretStoreOf } from '../platform/secrets/secret-store.js';
import { Secrets } from '../platform/secrets/secrets.js';

/** What Cognito calls the trigger with, as far as it is looked at (AWS: "Pre sign-up Lambda trigger"). */
interface PreSignUpEvent {
  readonly triggerSource: string;
  readonly request: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly clientMetadata?: Readonly<Record<string, string>>;
  };
  readonly response: object;
}

const config = configFromProcess();
const clock = new SystemClock();
const keys = new ApplicationKeys(new Secrets(secretStoreOf(config), clock), clock);

/**
 * Lambda, called by the pool before it takes a sign-up: where registration is not open, only those come in whom this
 * API has let in. Users whom an administrator makes in the pool pass.
 */
export async function handler(event: PreSignUpEvent): Promise<PreSignUpEvent> {
  const { triggerSource, request } = event;
  if (config.auth.registration === 'open' || triggerSource === 'PreSignUp_AdminCreateUser') return event;
  const email = request.userAttributes['email'] ?? '';
  if (await isSealed(keys, email, request.clientMetadata?.[SEAL], clock.seconds())) return event;
  throw new Error('This deployment takes no sign-ups but its own.');
}
