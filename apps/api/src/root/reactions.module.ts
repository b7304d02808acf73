import { Logger, Module } from '@nestjs/common';
import { FactCodec, type Policy, PolicyRunner } from '#event-sourcing';
import { EventStore } from '#event-store';
import { OpsStore } from '#ops-store';
import { Clock } from '#platform';
import { ExpiredRecords } from '#projector';
import { policies, roomModules } from './rooms.js';

/** What runs with the projector under its lease and is no room's own: the policies of all rooms, the upkeep. */
@Module({
  imports: roomModules,
  providers: [
    {
      provide: PolicyRunner,
      inject: [EventStore, FactCodec, OpsStore, Clock, ...policies],
      useFactory: (log: EventStore, codec: FactCodec, ops: OpsStore, clock: Clock, ...running: Policy[]) => {
        const logger = new Logger('Policies');
        return new PolicyRunner(running, {
          log,
          codec,
          checkpoints: ops.checkpoints,
          clock,
          report: ({ policy, error, event, attempt, stopped }) =>
            logger.error(
              { policy, event, attempt, stopped, err: error },
              stopped ? 'A policy stands still.' : 'A policy tries again.',
            ),
        });
      },
    },
    {
      provide: ExpiredRecords,
      inject: [OpsStore, Clock],
      useFactory: (ops: OpsStore, clock: Clock) => new ExpiredRecords([ops.idempotency, ops.failures], clock),
    },
  ],
  exports: [ExpiredRecords, PolicyRunner, ...roomModules],
})
export class ReactionsModule {}
