import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound, VerbatimConfig } from '#platform';
import { Public } from '../http/index.js';
import { ProcessMetrics } from './process-metrics.js';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** For callers on this machine; on a port of its own when VERBATIM_METRICS_PORT says so, and then not here. */
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(
    private readonly metrics: ProcessMetrics,
    private readonly config: VerbatimConfig,
  ) {}

  @Get()
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (this.config.metricsPort !== undefined || !isLocal(request)) throw notFound('object');
    reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}

/** What a proxy on this machine passes on comes from elsewhere, whatever its socket says. */
const isLocal = ({ socket, headers }: FastifyRequest): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined;
