/** What reckons one-time passwords; in the deployment a file of its own beside the bundle. */
export { Secret, TOTP } from 'otpauth';
