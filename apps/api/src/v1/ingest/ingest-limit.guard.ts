import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { VerbatimConfig, VerbatimError } from '#platform';

const PER_MINUTE = 100;

/** A coding tool sends one event a request: this many a minute for each session, in this process. */
@Injectable()
export class IngestLimit implements CanActivate {
  private readonly limiter = new RateLimiterMemory({ points: PER_MINUTE, duration: 60 });

  constructor(private readonly config: VerbatimConfig) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>().verbatim;
    if (!this.config.rateLimit || principal?.kind !== 'candidate') return true;
    try {
      await this.limiter.consume(principal.sessionId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new VerbatimError('rate_limited', `Too many events: ${PER_MINUTE} a minute are taken one by one.`, {
        retryAfter: refusal.msBeforeNext / 1000,
      });
    }
    return true;
  }
}
