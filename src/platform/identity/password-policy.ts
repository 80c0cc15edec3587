/** One rule for the local provider, Cognito and the template: seed 001, and seed 000 where symbols are not required. */
export const PASSWORD_LENGTH = { minimum: 8, maximum: 128 } as const;

/** What a password lacks, as codes with a message each; empty when it will do. */
export function passwordFaults(
  password: string,
  requireSymbols: boolean,
): readonly { code: string; message: string }[] {
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
    [/\p{Lu}/u.test(password), 'uppercase', 'must have an upper-case letter'],
    [/\p{Ll}/u.test(password), 'lowercase', 'must have a lower-case letter'],
    [/\p{Nd}/u.test(password), 'number', 'must have a digit'],
    [!requireSymbols || /[^\p{L}\p{N}]/u.test(password), 'symbol', 'must have a symbol'],
  ];
  return rules.filter(([met]) => !met).map(([, code, message]) => ({ code, message }));
}
