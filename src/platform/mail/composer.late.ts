/** What writes a mail as RFC 5322 asks; in the deployment a file of its own beside the bundle. */
export { default as MailComposer } from 'nodemailer/lib/mail-composer/index.js';
