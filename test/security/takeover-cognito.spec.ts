import { describeTakeovers } from '../support/takeovers.js';

describeTakeovers([
  { provider: 'cognito', mode: 'open', confirmation: 'required' },
  { provider: 'cognito', mode: 'invite', confirmation: 'required' },
  { provider: 'cognito', mode: 'closed', confirmation: 'required' },
]);
