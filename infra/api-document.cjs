// The operations of the OpenAPI document, each with the path by which it is called: the prefix is in the document's
// servers, and what is at the root (`/health`) has servers of its own.
const PREFIX = '/v1';

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, { servers, ...operations }]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method,
      path: servers ? path : `${PREFIX}${path}`,
      operation,
    })),
  );
}

module.exports = { operationsOf };
