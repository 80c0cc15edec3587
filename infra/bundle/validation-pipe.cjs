// src/http/validation/validation.pipe.ts is the one that is used.
exports.ValidationPipe = class {};
