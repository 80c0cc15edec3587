/** What a mail says; plain text, and the same as HTML. */
export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A paragraph, or something to be looked at on a line of its own: a heading, a code, or a link. */
type Block = string | { readonly heading: string } | { readonly code: string } | { readonly link: string };

function compose(subject: string, blocks: readonly Block[]): MailContent {
  const text = blocks.map((block) => (typeof block === 'string' ? block : Object.values(block).join('')));
  return {
    subject: subject.replaceAll(/[\r\n]+/g, ' '),
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><body style="font-family:sans-serif;max-width:36em;line-height:1.5">\n${blocks
      .map(asHtml)
      .join('\n')}\n</body></html>\n`,
  };
}

function asHtml(block: Block): string {
  if (typeof block === 'string') return `<p>${escapeHtml(block)}</p>`;
  if ('heading' in block) return `<h2 style="font-size:1.1em">${escapeHtml(block.heading)}</h2>`;
  if ('code' in block)
    return `<p style="font-size:1.6em;letter-spacing:.15em"><strong>${escapeHtml(block.code)}</strong></p>`;
  return `<p><a href="${escapeHtml(block.link)}">${escapeHtml(block.link)}</a></p>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const NOT_YOU = 'If this was not you, you need do nothing: without the code nothing happens.';

export const confirmation = (code: string, minutes: number) =>
  compose('Confirm your address', [
    `Somebody, hopefully you, registered with this address. Your code, good for ${minutes} minutes:`,
    { code },
    NOT_YOU,
  ]);

export const passwordReset = (code: string, link: string, minutes: number) =>
  compose('Your code for a new password', [
    `Your code for a new password, good for ${minutes} minutes:`,
    { code },
    'Or follow this link, which is good for as long:',
    { link },
    'If this was not you, you need do nothing: without the code or the link nothing happens.',
  ]);

export const emailChangeCode = (code: string, minutes: number) =>
  compose('Confirm your new address', [
    `Somebody, hopefully you, wants to use this address for their account. Your code, good for ${minutes} minutes:`,
    { code },
    NOT_YOU,
  ]);

/** To the address that an account had before. */
export const emailChanged = (newEmail: string, at: string, undo: string) =>
  compose('The address of your account was changed', [
    `The address of your account is ${newEmail} now. It was changed at ${at} (UTC).`,
    'If this was not you, follow this link within 7 days. The account gets this address back, and all sessions end:',
    { link: undo },
  ]);

/** To somebody who registered, or was registered, with an address that has an account. */
export const alreadyRegistered = () =>
  compose('You have an account already', [
    'Somebody, hopefully you, tried to register with this address. It has an account: sign in, or ask for a new password.',
    'If this was not you, you need do nothing.',
  ]);

export const invitation = (code: string, link: string, expiresAt: string) =>
  compose('You are invited', [
    `You are invited to make an account, until ${expiresAt.slice(0, 10)}. Follow the link:`,
    { link },
    'Or register with this code:',
    { code },
  ]);

export type SecurityChange =
  | 'password-changed'
  | 'password-reset'
  | 'signed-out-everywhere'
  | 'mfa-enabled'
  | 'mfa-disabled'
  | 'mfa-removed-by-administrator'
  | 'backup-codes-changed'
  | 'new-sign-in'
  | 'refresh-token-reused'
  | 'email-change-undone';

const CHANGES: Record<SecurityChange, string> = {
  'password-changed': 'The password of your account was changed.',
  'password-reset': 'The password of your account was changed by a code or a link from a mail.',
  'signed-out-everywhere': 'All sessions of your account were ended.',
  'mfa-enabled': 'A second factor was added to your account.',
  'mfa-disabled': 'The second factor was removed from your account.',
  'mfa-removed-by-administrator': 'An administrator removed the second factor from your account.',
  'backup-codes-changed': 'The backup codes of your account were replaced by new ones.',
  'new-sign-in': 'Somebody, hopefully you, signed in to your account from a device or a network that is new.',
  'refresh-token-reused':
    'A session of your account was ended, because a refresh token was used a second time. Somebody may have copied it.',
  'email-change-undone': 'Your account has its old address back, and all sessions were ended.',
};

/** @param details further sentences, such as what was revoked */
export const securityNotice = (change: SecurityChange, at: string, details: readonly string[] = []) =>
  compose('A change to your account', [
    `${CHANGES[change]} That was at ${at} (UTC).`,
    ...details,
    'If this was not you: ask for a new password, and end all sessions.',
  ]);

/** One notification, or those of a day. @param unsubscribe ends mails like this one */
export const notices = (
  messages: readonly { readonly title: string; readonly body: string | null; readonly url: string | null }[],
  unsubscribe: string,
) => {
  const [only, ...others] = messages;
  const subject = others.length === 0 ? (only?.title ?? '') : `${messages.length} notifications`;
  const blocks = messages.flatMap(({ title, body, url }) => [
    { heading: title },
    ...(body?.split('\n').filter((line) => line !== '') ?? []),
    ...(url === null ? [] : [{ link: url }]),
  ]);
  return compose(subject, [...blocks, 'No more of these mails:', { link: unsubscribe }]);
};
