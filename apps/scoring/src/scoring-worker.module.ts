import { Module } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { ConsumerGroups } from '#event-store';
import { Clock, Ids, VerbatimConfig } from '#platform';
import { judgesFrom, ScoringModule, Submissions } from '#scoring';
import { SessionsModule } from '#sessions';
import { ScoringWorker } from './scoring-worker.js';

/** A lost run of the offline judge is noticed after this long; it takes milliseconds. */
const OFFLINE_LEASE_MS = 5_000;
/** A model takes its time: the lease is renewed while it does. */
const MODEL_LEASE_MS = 30_000;

/**
 * Needs ConsumerGroups, Clock, Ids and VerbatimConfig from a global module. Who assembles the process calls `start()` and
 * `stop()`: only it knows that stores come to an end after.
 */
@Module({
  imports: [CqrsModule, ScoringModule, SessionsModule],
  providers: [
    {
      provide: ScoringWorker,
      inject: [ConsumerGroups, CommandBus, Submissions, Clock, Ids, VerbatimConfig],
      useFactory: (
        groups: ConsumerGroups,
        commands: CommandBus,
        submissions: Submissions,
        clock: Clock,
        ids: Ids,
        config: VerbatimConfig,
      ) => {
        const judges = judgesFrom(config);
        const leaseMs = judges.judge.kind === 'offline' ? OFFLINE_LEASE_MS : MODEL_LEASE_MS;
        const house = { commands, submissions, judges, clock, ids, leaseMs };
        return new ScoringWorker(groups, house, { concurrency: config.scorers });
      },
    },
  ],
  exports: [ScoringWorker],
})
export class ScoringWorkerModule {}
