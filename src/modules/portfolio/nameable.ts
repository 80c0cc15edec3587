import { rule } from '../../http/validation/validation.decorators.js';
import { folded } from '../../platform/key-text.js';

/** Whether there is something by which a name can be told from others. */
const isNameable = (value: unknown): boolean =>
  typeof value !== 'string' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(folded(value));

export const IsNameable = () => rule('isNameable', isNameable, 'must hold a letter, a digit or a sign');

export const AreNameable = () =>
  rule(
    'areNameable',
    (values) => !Array.isArray(values) || values.every(isNameable),
    'must each hold a letter, a digit or a sign',
  );
