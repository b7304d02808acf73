import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { perHandler } from './per-handler.js';
import { refuseUndeclared } from './read-query.js';

/** `RouteParamtypes.QUERY` of Nest, which stands before the colon in the keys of a handler's parameters. */
const QUERY_PARAMETER = '4:';

/** A route that declares no query takes none; one that does is the pipe's business. */
@Injectable()
export class DeclaredQueryInterceptor implements NestInterceptor {
  private readonly takesQuery = perHandler((context) => declaresQuery(context.getClass(), context.getHandler().name));

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.takesQuery(context))
      refuseUndeclared(context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>, []);
    return next.handle();
  }
}

const declaresQuery = (controller: object, method: string): boolean =>
  Object.keys((Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as object | undefined) ?? {}).some((key) =>
    key.startsWith(QUERY_PARAMETER),
  );
