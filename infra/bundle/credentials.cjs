const { fromEnv } = require('@aws-sdk/credential-provider-env');

exports.defaultProvider = () => fromEnv();
exports.credentialsTreatedAsExpired = () => false;
exports.credentialsWillNeedRefresh = () => false;
