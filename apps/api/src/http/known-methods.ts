import type { FastifyInstance, HTTPMethods } from 'fastify';
import { VerbatimError } from '#platform';

/** Remembers which methods an address takes, so that another method is 405 with `Allow` instead of a puzzling 404. */
export class KnownMethods {
  private readonly templates = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Before routes are registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => this.note(url, [method].flat()));
    fastify.addHook('preHandler', async (request, reply) => {
      if (!request.is404) return;
      const methods = this.at(request.url.replace(/\?.*$/s, ''));
      if (methods.length === 0) return;
      reply.header('allow', methods.join(', '));
      throw new VerbatimError('method_not_allowed', `This address takes ${methods.join(', ')}, not ${request.method}.`);
    });
  }

  private note(url: string, methods: readonly HTTPMethods[]): void {
    const known = this.templates.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const method of methods) known.methods.add(method);
    this.templates.set(url, known);
  }

  private at(path: string): readonly string[] {
    const fitting = [...this.templates.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort((one, other) => one.localeCompare(other));
  }
}

/** A bare wildcard is what plugins answer everything with: no address of ours. */
const patternOf = (url: string): RegExp =>
  url.endsWith('*')
    ? /(?!)/
    : new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]\w*/g, '[^/]+')}$`);
