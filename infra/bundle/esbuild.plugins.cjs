const { join } = require('node:path');

// Mails have no attachments: nodemailer needs no table of file types.
const mailTypes = {
  name: 'mail-types',
  setup({ onResolve }) {
    onResolve({ filter: /\/mime-types\.js$/ }, ({ importer }) =>
      importer.includes('nodemailer') ? { path: join(__dirname, 'mail-types.cjs') } : undefined,
    );
  },
};

module.exports = [mailTypes];
