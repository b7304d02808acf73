import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { DeclaredQueryInterceptor } from './declared-query.interceptor.js';
import { ErrorFilter } from './error.filter.js';
import { EventStreams } from './event-streams.js';
import { FieldsPipe } from './fields.pipe.js';
import { Guesses } from './guesses.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { Metrics } from './metrics.js';
import { PositionInterceptor } from './position.interceptor.js';

/** The manners every route has without asking: guard, filter, pipe and interceptors for the whole application. */
@Global()
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_PIPE, useClass: FieldsPipe },
    // Outermost first: what a caller spelled wrong is refused before an Idempotency-Key is taken.
    { provide: APP_INTERCEPTOR, useClass: DeclaredQueryInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: PositionInterceptor },
    EventStreams,
    Guesses,
    Metrics,
  ],
  exports: [EventStreams, Guesses, Metrics],
})
export class HttpModule {}
