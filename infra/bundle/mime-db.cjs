// The types this API answers with.
module.exports = {
  'application/json': { charset: 'UTF-8', extensions: ['json'] },
  'text/html': { extensions: ['html'] },
  'text/plain': { extensions: ['txt'] },
};
