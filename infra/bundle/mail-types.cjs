exports.detectMimeType = () => 'application/octet-stream';
exports.detectExtension = () => 'bin';
