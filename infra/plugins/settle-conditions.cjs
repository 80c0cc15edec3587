const { settled } = require('../settled.cjs');

/**
 * The parts of a deployment are chosen by parameters, which are known when it is packaged: the template that is
 * deployed says only what there is, so that what validators and tests look at is the whole truth.
 */
class SettleConditions {
  constructor(serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { provider } = serverless.service;
        provider.compiledCloudFormationTemplate = settled(provider.compiledCloudFormationTemplate);
      },
    };
  }
}

module.exports = SettleConditions;
