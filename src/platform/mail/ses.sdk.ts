/** The part of the SDK that `Ses` loads with the first mail. */
export { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
