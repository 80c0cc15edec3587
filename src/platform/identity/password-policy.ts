/** Length and kinds of characters of seed 001, and of seed 000 where symbols are not required. The template asks the same. */
export const PASSWORD_LENGTH = { minimum: 8, maximum: 128 } as const;

/** Which characters count as letters, digits and symbols. */
interface Characters {
  readonly upper: RegExp;
  readonly lower: RegExp;
  readonly digit: RegExp;
  readonly symbol: RegExp;
}

const UNICODE: Characters = {
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  digit: /\p{Nd}/u,
  symbol: /[^\p{L}\p{N}]/u,
};

/** AWS, "Adding user pool password requirements": basic Latin letters, and these symbols. A blank counts inside alone. */
const COGNITO: Characters = {
  upper: /[A-Z]/,
  lower: /[a-z]/,
  digit: /[0-9]/,
  symbol: /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|\S \S/,
};

export interface PasswordPolicy {
  readonly requireSymbols: boolean;
  /** Whether a Cognito user pool decides in the end, with its own idea of letters and symbols. */
  readonly ofUserPool: boolean;
}

/** What a password lacks, as codes with a message each; empty when it will do. */
export function passwordFaults(
  password: string,
  { requireSymbols, ofUserPool }: PasswordPolicy,
): readonly { code: string; message: string }[] {
  const { upper, lower, digit, symbol } = ofUserPool ? COGNITO : UNICODE;
  const { length } = [...password];
  const rules: [boolean, string, string][] = [
    [
      length >= PASSWORD_LENGTH.minimum,
      'minLength',
      `must have at least ${PASSWORD_LENGTH.minimum} characters`,
    ],
    [
      length <= PASSWORD_LENGTH.maximum,
      'maxLength',
      `must have at most ${PASSWORD_LENGTH.maximum} characters`,
    ],
    [upper.test(password), 'uppercase', 'must have an upper-case letter'],
    [lower.test(password), 'lowercase', 'must have a lower-case letter'],
    [digit.test(password), 'number', 'must have a digit'],
    [!requireSymbols || symbol.test(password), 'symbol', 'must have a symbol'],
    [!ofUserPool || !/^\s|\s$/.test(password), 'blank', 'must not begin or end with a blank'],
  ];
  return rules.filter(([met]) => !met).map(([, code, message]) => ({ code, message }));
}
