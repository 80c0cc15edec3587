// Bodies are read by src/http/request/body.guard.ts; express only wants to name these.
const unused = () => {
  throw new Error('express reads no bodies here');
};

module.exports = { json: unused, raw: unused, text: unused, urlencoded: unused };
