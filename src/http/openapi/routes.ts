import type { INestApplicationContext, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CREATED_AT } from '../envelope/response.decorators.js';
import { ACCESS, type Access } from '../access/access.decorators.js';
import { IDEMPOTENT, IGNORES_IDEMPOTENCY_KEY } from '../idempotency/idempotent.decorator.js';
import { aliasedBy } from '../request/update.decorator.js';
import { descriptionOf, type RouteDescription } from './describe.decorators.js';

/** One handler of the application, and what its decorators say. */
export interface Route {
  readonly operationId: string;
  /** The operation that it is another name of. */
  readonly aliasOf: string | undefined;
  readonly controller: string;
  readonly handler: string;
  readonly access: Access;
  readonly idempotent: boolean;
  /** Whether an `Idempotency-Key` is neither honoured nor refused. */
  readonly ignoresIdempotencyKey: boolean;
  /** Whether the answer says where what was made is. */
  readonly locates: boolean;
  readonly description: RouteDescription;
}

const VERBS = new Set(['create', 'list', 'get', 'update', 'remove']);

/** `QuestsController.create` → `createQuest`; a method that names its own noun keeps its name. */
export function operationIdOf(controller: string, method: string): string {
  const aliased = aliasedBy(method);
  if (aliased !== undefined) return `${operationIdOf(controller, aliased)}Alias`;
  if (!VERBS.has(method)) return method;
  const plural = controller.replace(/Controller$/, '');
  return method + (method === 'list' ? plural : plural.replace(/s$/, ''));
}

/** Every handler of every controller. */
export function routesOf(app: INestApplicationContext): Route[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as Type<object>;
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name): Route[] => {
      const handler = prototype[name];
      if (name === 'constructor' || typeof handler !== 'function' || !Reflect.hasMetadata('path', handler))
        return [];
      const access = (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as
        Access | undefined;
      const aliased = aliasedBy(name);
      return [
        {
          operationId: operationIdOf(controller.name, name),
          aliasOf: aliased && operationIdOf(controller.name, aliased),
          controller: controller.name,
          handler: name,
          access: access ?? { level: 'user', role: 'member' },
          idempotent: Reflect.getMetadata(IDEMPOTENT, handler) === true,
          ignoresIdempotencyKey: Reflect.getMetadata(IGNORES_IDEMPOTENCY_KEY, controller) === true,
          locates: Reflect.hasMetadata(CREATED_AT, handler),
          description: descriptionOf(handler),
        },
      ];
    });
  });
}
