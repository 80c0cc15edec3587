import type { Config } from '../config/config.js';
import { configFromProcess } from '../config/environment.js';
import { SystemClock } from '../platform/clock.js';
import { canonicalEmail } from '../config/email-address.js';
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

/**
 * Lambda, called by the pool before it takes a sign-up: where registration is not open, only those come in whom this
 * API has let in. The owner's address comes in through this API alone, in every mode: whoever confirms it there has shown
 * that they registered it. Users whom an administrator makes in the pool pass, and so do those of another provider: they are
 * not admitted here before they accept an invitation.
 */
export function handlerOf(config: Config): (event: PreSignUpEvent) => Promise<PreSignUpEvent> {
  const clock = new SystemClock();
  const keys = new ApplicationKeys(new Secrets(secretStoreOf(config), clock), clock);
  return async (event) => {
    const { triggerSource, request } = event;
    if (triggerSource === 'PreSignUp_AdminCreateUser') return event;
    const email = request.userAttributes['email'] ?? '';
    const isOwner = canonicalEmail(email) === config.auth.ownerEmail;
    const passes = config.auth.registration === 'open' || triggerSource === 'PreSignUp_ExternalProvider';
    if (passes && !isOwner) return event;
    if (await isSealed(keys, email, request.clientMetadata?.[SEAL], clock.seconds())) return event;
    throw new Error('This deployment takes no sign-ups but its own.');
  };
}

export const handler = handlerOf(configFromProcess());
