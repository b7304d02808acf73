import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { VerbatimConfig } from '#platform';
import { ProcessMetrics } from './process-metrics.js';

/** `/metrics` on a loopback port of its own, when VERBATIM_METRICS_PORT is set. */
@Injectable()
export class MetricsListener implements OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly metrics: ProcessMetrics,
    private readonly config: VerbatimConfig,
  ) {}

  async start(): Promise<void> {
    if (this.config.metricsPort === undefined) return;
    this.server = createServer((request, response) => {
      if (request.url === '/metrics' && request.method === 'GET') void this.answer(response);
      else response.writeHead(404).end();
    });
    this.server.listen(this.config.metricsPort, '127.0.0.1');
    await once(this.server, 'listening');
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer(response: ServerResponse): Promise<void> {
    try {
      const text = await this.metrics.text();
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
    } catch {
      response.writeHead(503).end();
    }
  }
}
