// Browsers' origins that may call the API and upload to the bucket.
module.exports = async ({ resolveVariable }) =>
  (await resolveVariable('param:corsOrigins')).split(',').map((origin) => origin.trim());
