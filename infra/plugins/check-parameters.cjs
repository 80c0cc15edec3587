const { parameterFaults, shutsEverybodyOut } = require('../parameters.cjs');

/** Refuses to package a deployment whose parameters cannot be meant. */
class CheckParameters {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    this.hooks = { 'before:package:cleanup': () => this.run() };
  }

  run() {
    const { classes, configurationInput, processedInput, service } = this.serverless;
    const { stage } = service.provider;
    const { params = {} } = configurationInput;
    const declared = params.default ?? {};
    const ofCommand = Object.fromEntries(
      (processedInput.options.param ?? []).map((each) => [
        each.slice(0, each.indexOf('=')),
        each.slice(each.indexOf('=') + 1).trimEnd(),
      ]),
    );
    const given = { ...params[stage], ...ofCommand };
    const faults = parameterFaults(stage, declared, given);
    if (faults.length > 0)
      throw new classes.Error(`These parameters cannot be:\n  ${faults.join('\n  ')}`, 'PARAMETERS');
    if (shutsEverybodyOut({ ...declared, ...given }))
      this.log.warning('Without ownerEmail nobody can come in: registrationMode is not open');
  }
}

module.exports = CheckParameters;
