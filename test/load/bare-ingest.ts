import Fastify from 'fastify';

/**
 * The yardstick of HTTP ingest, a process of its own: Fastify as it comes, parsing the same body and answering in the
 * same shape. No credential, no checks, nothing kept.
 */
interface Batch {
  readonly events: readonly { readonly id: string }[];
}

const fastify = Fastify({ bodyLimit: 2 * 1024 * 1024 });
fastify.post<{ Body: Batch }>('/api/sessions/:sessionId/events', async ({ body }) => {
  const accepted = body.events.map(({ id }) => id);
  return { accepted, duplicates: [], rejected: [], lastSeq: accepted.length };
});
process.send?.(await fastify.listen({ host: '127.0.0.1', port: 0 }));
