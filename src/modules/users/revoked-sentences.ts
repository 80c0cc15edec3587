/** What a mail says of what was revoked besides sessions. */
export const revokedSentences = (titles: readonly string[]): readonly string[] =>
  titles.length === 0 ? [] : [`Also revoked: ${titles.join(', ')}. Set them up again if you need them.`];
