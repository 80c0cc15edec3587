// The four functions of jose that jwks-rsa calls, by Node's own crypto: jose brings 90 KB of other algorithms. Nothing is
// verified here; signatures are jsonwebtoken's work.
const { createPublicKey } = require('node:crypto');

const part = (token, position) => {
  const decoded = JSON.parse(Buffer.from(token.split('.')[position] ?? '', 'base64url').toString());
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded))
    throw new TypeError('Invalid JWT');
  return decoded;
};

module.exports = {
  importJWK: async (jwk) => createPublicKey({ key: jwk, format: 'jwk' }),
  exportSPKI: async (key) => key.export({ format: 'pem', type: 'spki' }),
  decodeJwt: (token) => part(token, 1),
  decodeProtectedHeader: (token) => part(token, 0),
};
