import { Patch, Put } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';

const ALIAS = 'Alias';
const PARAMETER_TYPES = 'design:paramtypes';

/**
 * A partial update, by PUT and by PATCH alike: clients expect the one or the other. In the OpenAPI document the second verb
 * is an alias of the first.
 * @param verb the one that has the operationId
 */
export const Update =
  (path?: string, verb: 'put' | 'patch' = 'put'): MethodDecorator =>
  (prototype, name, descriptor) => {
    const [First, Second] = verb === 'put' ? [Put, Patch] : [Patch, Put];
    First(path)(prototype, name, descriptor);
    const handler = descriptor.value as unknown as (...parameters: unknown[]) => unknown;
    const alias = `${String(name)}${ALIAS}`;
    const other = {
      [alias](this: object, ...parameters: unknown[]) {
        return handler.apply(this, parameters);
      },
    }[alias] as typeof handler;
    // What decorators say of the handler is found through its prototype, also what they say later.
    Object.setPrototypeOf(other, handler);
    Second(path)(prototype, alias, { value: other });
    insertAfter(prototype, String(name), alias, other);
    const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, prototype.constructor, name);
    Reflect.defineMetadata(ROUTE_ARGS_METADATA, parameters, prototype.constructor, alias);
    const types: unknown = Reflect.getMetadata(PARAMETER_TYPES, prototype, name);
    Reflect.defineMetadata(PARAMETER_TYPES, types, prototype, alias);
  };

/** Nest binds routes in the order of a controller's methods: the alias of `PUT preferences` must come before `PATCH :id`. */
function insertAfter(prototype: object, name: string, alias: string, method: unknown): void {
  const names = Object.getOwnPropertyNames(prototype);
  const later = names
    .slice(names.indexOf(name) + 1)
    .map((each) => [each, Object.getOwnPropertyDescriptor(prototype, each)] as const);
  for (const [each] of later) Reflect.deleteProperty(prototype, each);
  Object.defineProperty(prototype, alias, { value: method, configurable: true, writable: true });
  for (const [each, descriptor] of later) if (descriptor) Object.defineProperty(prototype, each, descriptor);
}

/** The method of a controller that another one is an alias of. */
export const aliasedBy = (method: string): string | undefined =>
  method.endsWith(ALIAS) ? method.slice(0, -ALIAS.length) : undefined;
