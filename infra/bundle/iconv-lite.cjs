// Bodies are read by src/http/request/json-body.middleware.ts, which takes UTF-8 only.
exports.encodingExists = () => false;
exports.getDecoder = () => {
  throw new Error('Only UTF-8 is decoded');
};
