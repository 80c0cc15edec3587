import { describeTakeovers } from '../support/takeovers.js';

describeTakeovers([
  { provider: 'local', mode: 'open', confirmation: 'required' },
  { provider: 'local', mode: 'invite', confirmation: 'required' },
  { provider: 'local', mode: 'closed', confirmation: 'required' },
  { provider: 'local', mode: 'open', confirmation: 'off' },
]);
