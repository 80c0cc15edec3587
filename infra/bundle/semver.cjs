// jsonwebtoken asks whether Node is newer than 16; it is.
exports.satisfies = () => true;
