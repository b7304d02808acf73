import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PolicyRunner } from '#event-sourcing';
import { MailLoop } from '#invitations';
import type { Clock, VerbatimConfig } from '#platform';
import { ExpiredRecords, ProjectorModule } from '#projector';
import { ScoringWorkerModule } from '#scorer';
import { CloseDueScheduler } from '#sessions';
import { WebhookLoop } from '#webhooks';
import { HealthModule } from '../health/health.module.js';
import { ProjectionsApiModule } from '../projections/projections-api.module.js';
import { doors } from './doors.js';
import type { Engines } from './engines.js';
import { EventStoreDoor } from './event-store-door.js';
import { InfrastructureModule } from './infrastructure.module.js';
import { OpenedEngines } from './opened-engines.js';
import { ReactionsModule } from './reactions.module.js';
import { projections, roomModules } from './rooms.js';
import { Service } from './service.js';

/** The whole of Verbatim in one process: every role on the stores it is given. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the form Nest gives dynamic modules
export class RootModule {
  static of(config: VerbatimConfig, engines: Engines, clock?: Clock): DynamicModule {
    const isShared = config.stores.eventStore.kind !== 'embedded';
    const projector = ProjectorModule.register({
      projections,
      // Where a lock on the data directory keeps a second process out, the lease of one that was killed is our own.
      holder: isShared ? `${hostname()}.${process.pid}.${randomUUID()}` : 'embedded',
      // Readers in other processes wait for it.
      ...(isShared && { publishMs: 25 }),
      imports: [ReactionsModule],
      companions: [PolicyRunner, CloseDueScheduler, MailLoop, WebhookLoop, ExpiredRecords],
    });
    return {
      module: RootModule,
      imports: [
        InfrastructureModule.of(config, engines, clock),
        CqrsModule.forRoot(),
        ...roomModules,
        projector,
        ScoringWorkerModule,
        ReactionsModule,
        HealthModule.watching(projector, ReactionsModule),
        ProjectionsApiModule.over(projector),
        ...doors,
      ],
      providers: [Service, EventStoreDoor, { provide: OpenedEngines, useValue: engines }],
    };
  }
}
