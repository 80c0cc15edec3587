// Bodies are read by src/http/request/json-body.middleware.ts; express only wants to name these.
const unused = () => {
  throw new Error('express reads no bodies here');
};

module.exports = { json: unused, raw: unused, text: unused, urlencoded: unused };
