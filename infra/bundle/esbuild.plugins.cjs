const { join } = require('node:path');

/** Puts a shim in the place of a file of a package. */
const inside = (packageName, filter, shim) => ({
  name: `${packageName} ${shim}`,
  setup({ onResolve }) {
    onResolve({ filter }, ({ importer }) =>
      importer.includes(`/node_modules/${packageName}/`)
        ? { path: join(__dirname, `${shim}.cjs`) }
        : undefined,
    );
  },
});

module.exports = [
  // Mails have no attachments: nodemailer needs no table of file types.
  inside('nodemailer', /\/mime-types\.js$/, 'mail-types'),
  // Nest's own pipe, which is not used, keeps all of class-validator (and validator's tables) in the bundle.
  inside('@nestjs', /\/validation\.pipe\.js$/, 'validation-pipe'),
];
