/** The part of the SDK that `Ses` loads with the first mail; in the deployment a file of its own beside the bundle. */
export { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
