import { RouteConfig } from '@nestjs/platform-fastify';

export const DEFAULT_BODY_LIMIT = 1024 * 1024;

/** Bytes a route's body may have, where 1 MiB is not enough: more is 413 before it is read. */
export const BodyLimit = (bytes: number) => RouteConfig({ bodyLimit: bytes });

export const MEBIBYTE = 1024 * 1024;
