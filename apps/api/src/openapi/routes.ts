import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Access, accessOf, type FieldClass, isFieldClass } from '../http/index.js';

/** What the handler of a route declares. */
export interface DeclaredRoute {
  readonly operationId: string;
  readonly access: Access;
  readonly body: FieldClass | undefined;
  readonly query: FieldClass | undefined;
}

/** `RouteParamtypes` of Nest. */
const BODY = '3:';
const QUERY = '4:';

/** The handlers of all controllers, by operation id. */
export function declaredRoutes(app: NestFastifyApplication): ReadonlyMap<string, DeclaredRoute> {
  const routes = new Map<string, DeclaredRoute>();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values())
      if (typeof metatype === 'function')
        for (const route of routesOf(metatype as new () => object)) routes.set(route.operationId, route);
  return routes;
}

function routesOf(controller: new () => object): readonly DeclaredRoute[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const handler = prototype[method];
    if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
    if (!Reflect.hasMetadata(PATH_METADATA, handler)) return [];
    return {
      operationId: operationIdOf(controller.name, method),
      access: accessOf(handler, controller),
      body: parameterClass(controller, method, BODY),
      query: parameterClass(controller, method, QUERY),
    };
  });
}

export const operationIdOf = (controller: string, method: string): string =>
  `${controller.replace(/Controller$/, '')}.${method}`;

function parameterClass(controller: new () => object, method: string, kind: string): FieldClass | undefined {
  const declared = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as
    | Record<string, { index: number }>
    | undefined;
  const index = Object.entries(declared ?? {}).find(([key]) => key.startsWith(kind))?.[1].index;
  if (index === undefined) return undefined;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype, method) as readonly unknown[];
  const type = types[index];
  return isFieldClass(type) ? type : undefined;
}
