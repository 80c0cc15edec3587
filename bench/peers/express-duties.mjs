// Express 5 + serverless-express with the duties of duties.mjs, and Express's own ETag.
import serverlessExpress from '@codegenie/serverless-express';
import { appWithDuties } from './duties.mjs';

export const handler = (serverlessExpress.default ?? serverlessExpress)({ app: appWithDuties() });
