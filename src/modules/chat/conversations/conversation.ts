/** Messages that belong together. */
export interface Conversation {
  readonly id: string;
  /** Null until there is a message to take it from. */
  readonly title: string | null;
  readonly archived: boolean;
  readonly lastMessageAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

const TITLE_LENGTH = 50;

/** The first words of a conversation, on one line. */
export function titleOf(message: string): string {
  const line = [...message.replaceAll(/\s+/g, ' ').trim()];
  if (line.length <= TITLE_LENGTH) return line.join('');
  const cut = line.slice(0, TITLE_LENGTH - 1).join('');
  const words = cut.replace(/\s\S*$/, '');
  return `${words.length > TITLE_LENGTH / 2 ? words : cut}…`;
}
