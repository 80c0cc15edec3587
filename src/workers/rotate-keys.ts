import { configFromProcess } from '../config/environment.js';
import { SystemClock } from '../platform/clock.js';
import { type RotationEvent, RotationSteps } from '../platform/secrets/rotation-steps.js';

const steps = new RotationSteps(configFromProcess(), new SystemClock());

/** Lambda, called by Secrets Manager: one step of the rotation of a secret. */
export function handler(event: RotationEvent): Promise<void> {
  return steps.run(event);
}
