import { createHash } from 'node:crypto';

/** A form that is sent as JSON to a route of the API. */
interface PageForm {
  /** Below the API's address, such as `/v1/auth/register`. */
  readonly route: string;
  /** In HTML; fields are named as in the route's body. `data-parameter` takes a value from the page's address. */
  readonly fields: string;
  readonly button: string;
  /** What is said when it was accepted, unless another form follows. */
  readonly done: string;
}

interface Page {
  readonly title: string;
  /** One after the other. */
  readonly forms: readonly PageForm[];
}

/**
 * Sends each form as JSON, says what the answer says, and shows the next form. What a registration answers (its token, and
 * the address) goes into the next one.
 */
const SCRIPT = `
const parameters = new URLSearchParams(location.search);
const message = document.querySelector('output');
const forms = [...document.forms];
for (const field of document.querySelectorAll('[data-parameter]'))
  field.value = parameters.get(field.dataset.parameter) ?? '';
forms.forEach((form, position) => form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  message.textContent = '';
  try {
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    const body = JSON.stringify(fields);
    const response = await fetch(form.action, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    const answer = await response.json();
    if (!answer.success) {
      const details = (answer.error.details ?? []).map((detail) => detail.message).join('\\n');
      message.textContent = details || answer.error.message;
      return;
    }
    const next = answer.data.confirmed === true ? undefined : forms[position + 1];
    form.hidden = true;
    if (!next) {
      message.textContent = forms[forms.length - 1].dataset.done;
      return;
    }
    for (const field of next.querySelectorAll('[type=hidden]'))
      field.value = answer.data[field.name] ?? fields[field.name] ?? '';
    next.hidden = false;
  } catch {
    message.textContent = 'The server does not answer. Try again in a moment.';
  } finally {
    button.disabled = false;
  }
}));
`;

const hash = createHash('sha256').update(SCRIPT).digest('base64');

/** Runs the one script above, and sends forms to this server alone. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${hash}'`,
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const STYLE =
  'body{font-family:sans-serif;max-width:28em;margin:4em auto;padding:0 1em;line-height:1.5}' +
  'label{display:block;margin:1em 0}input{display:block;box-sizing:border-box;width:100%;font:inherit;padding:.5em}' +
  'button{font:inherit;padding:.5em 1em}output{display:block;margin-top:1em;white-space:pre-line}';

/** @param basePath of the API, such as that of a stage */
function render({ title, forms }: Page, basePath: string): string {
  const rendered = forms.map(
    ({ route, fields, button, done }, position) =>
      `<form method="post" action="${basePath}${route}" data-done="${done}"${position > 0 ? ' hidden' : ''}>` +
      `${fields}<button>${button}</button></form>`,
  );
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    `<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">` +
    `<style>${STYLE}</style></head><body>\n<h1>${title}</h1>\n${rendered.join('\n')}\n<output></output>\n` +
    `<noscript>This page needs JavaScript.</noscript>\n<script>${SCRIPT}</script>\n</body></html>\n`
  );
}

const PASSWORD_HINT = '8 characters or more, with upper case, lower case, a digit and a symbol';

const REGISTER: Page = {
  title: 'Make an account',
  forms: [
    {
      route: '/v1/auth/register',
      fields:
        '<label>Invitation code<input name="inviteCode" data-parameter="inviteCode"></label>' +
        '<label>Name<input name="name" autocomplete="name" required></label>' +
        '<label>E-mail<input name="email" type="email" autocomplete="email" required></label>' +
        `<label>Password (${PASSWORD_HINT})` +
        '<input name="password" type="password" autocomplete="new-password" required></label>',
      button: 'Register',
      done: 'Done. You can sign in now.',
    },
    {
      route: '/v1/auth/confirm',
      fields:
        '<input type="hidden" name="email"><input type="hidden" name="registrationToken">' +
        '<label>The code from the mail that was sent to you' +
        '<input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>',
      button: 'Confirm',
      done: 'Done. You can sign in now.',
    },
  ],
};

const RESET_PASSWORD: Page = {
  title: 'Set a new password',
  forms: [
    {
      route: '/v1/auth/reset-password',
      fields:
        '<input type="hidden" name="token" data-parameter="token">' +
        `<label>New password (${PASSWORD_HINT})` +
        '<input name="newPassword" type="password" autocomplete="new-password" required></label>',
      button: 'Set the password',
      done: 'Done. All sessions were ended: sign in with the new password.',
    },
  ],
};

const UNDO_EMAIL_CHANGE: Page = {
  title: 'Give the account its old address back?',
  forms: [
    {
      route: '/v1/auth/change-email/undo',
      fields: '<input type="hidden" name="token" data-parameter="token">',
      button: 'Undo the change',
      done: 'Done. All sessions were ended: set a new password now.',
    },
  ],
};

/** The pages by their path. In the deployment this file lies beside the bundle: few requests need it. */
export const PAGES = {
  register: (basePath: string) => render(REGISTER, basePath),
  'reset-password': (basePath: string) => render(RESET_PASSWORD, basePath),
  'undo-email-change': (basePath: string) => render(UNDO_EMAIL_CHANGE, basePath),
} as const;
