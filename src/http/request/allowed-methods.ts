import type { Request, Router } from 'express';

interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

const routers = new WeakMap<Request, Router>();

/** Says which router a request was dispatched to, where it is not the application's own. */
export const setRouter = (request: Request, router: Router): void => void routers.set(request, router);

/** The methods that a path takes, as `Allow` lists them (RFC 9110); none for a path that leads nowhere. */
export function allowedMethods(request: Request): readonly string[] {
  const { app, path } = request;
  const { stack } = (routers.get(request) ?? app.router) as unknown as { stack: readonly Layer[] };
  const methods = new Set<string>();
  for (const layer of stack) {
    if (layer.route && layer.match(path)) {
      for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
    }
  }
  if (methods.size === 0) return [];
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].sort();
}
