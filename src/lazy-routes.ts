import type { InjectionToken, Type } from '@nestjs/common';
import { PARAMTYPES_METADATA, SELF_DECLARED_DEPS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type NextFunction, type RequestHandler, Router } from 'express';
import { applyGlobals } from './apply-globals.js';
import type { Domain } from './domains.js';
import { EnvelopeAdapter } from './http/envelope/envelope.adapter.js';
import { setArrival } from './http/request/request-log.middleware.js';
import { setRouter } from './http/request/allowed-methods.js';
import { AuthGuard } from './modules/auth/auth.guard.js';
import { LazyModules } from './platform/lazy-modules.js';
import { JsonLogger } from './platform/logger.js';
import { once } from './platform/once.js';

/** Where `load` leaves the router of a request for `dispatch`. */
const ROUTER = 'router';

/**
 * The routes of domains that are loaded with the first request for them, as two middlewares. `load` comes before the
 * request's context begins, since Node 20 slows down every promise that is made inside one; `dispatch` comes last.
 */
export function lazyRoutes(app: NestExpressApplication, domains: readonly Domain[]) {
  const routers = new Map(
    domains.flatMap((domain) => {
      const router = once(() => bindRoutes(app, domain));
      return domain.segments.map((segment) => [segment, router] as const);
    }),
  );
  const authGuard = app.get(AuthGuard);
  const load: RequestHandler = (request, response, next) => {
    const router = routers.get(segmentOf(request.path))?.();
    const access = request.headers.authorization === undefined ? undefined : authGuard.loadAccess();
    if (!router && !access) return next();
    setArrival(response);
    response.locals[ROUTER] = router;
    // A failure is answered by who needs what is missing: `dispatch`, or the guard.
    return Promise.allSettled([router, access]).then(resume(next));
  };
  const dispatch: RequestHandler = (request, response, next) => {
    const router = response.locals[ROUTER] as Promise<Router> | undefined;
    if (!router) return next();
    return router.then((bound) => {
      setRouter(request, bound);
      return bound(request, response, next);
    });
  };
  return { load, dispatch };
}

const resume = (next: NextFunction) => (): void => next();

/** The first segment of a path, behind the version; in lower case, since Express routes in any case. */
function segmentOf(path: string): string {
  const [, first = '', second = ''] = path.toLowerCase().split('/', 3);
  return first === 'v1' ? second : first;
}

/**
 * Nest loads modules lazily, but not their controllers (docs.nestjs.com/fundamentals/lazy-loading-modules). So a small
 * application on a router of its own has the domain's controllers; what they inject comes from `app`, as values.
 */
async function bindRoutes(app: NestExpressApplication, { modules }: Domain): Promise<Router> {
  const include = [...(await app.get(LazyModules).load(modules))];
  const discovery = app.get(DiscoveryService);
  const controllers = discovery.getControllers({ include });
  const enhancers = controllers.flatMap(({ host }) => [...(host?.injectables.values() ?? [])]);
  const injected = new Set([...controllers, ...enhancers].flatMap(({ metatype }) => tokensOf(metatype)));
  const providers = discovery.getProviders().filter(({ token }) => injected.has(token));
  const router = Router();
  const routes = await NestFactory.create<NestExpressApplication>(
    {
      module: class Routes {},
      controllers: controllers.map(({ metatype }) => metatype as Type<object>),
      providers: providers.map(({ token, instance }) => ({ provide: token, useValue: instance as unknown })),
    },
    new EnvelopeAdapter(router),
    // Nest's logger is the process's, whichever application sets it.
    { logger: app.get(JsonLogger), bodyParser: false, abortOnError: false },
  );
  await applyGlobals(routes, app).init();
  return router;
}

/** What the constructor of a class injects: classes, and what `@Inject` names. */
function tokensOf(target: unknown): readonly InjectionToken[] {
  if (typeof target !== 'function') return [];
  const classes = (Reflect.getMetadata(PARAMTYPES_METADATA, target) ?? []) as InjectionToken[];
  const named = (Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, target) ?? []) as {
    param: InjectionToken;
  }[];
  return [...classes, ...named.map(({ param }) => param)];
}
