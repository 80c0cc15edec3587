// A part of a library that a JSON API of ours never reaches: telephone numbers, form uploads and
// their file types, files that Express sends, lists of trusted proxies, a cache of keys, events of other sources.
module.exports = {};
