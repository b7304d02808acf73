import { Injectable } from '@nestjs/common';
import { PolicyRunner, type PolicyStatus } from '#event-sourcing';
import { ConsumerGroups, EventStore } from '#event-store';
import { OpsStore } from '#ops-store';
import { Projector } from '#projector';
import { ReadStore } from '#read-store';
import { inTime, isWell, probesOf, type StoreProbes } from '../outages/store-probes.js';

export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready';
  readonly storage: Readonly<Record<'eventLog' | 'operations' | 'readModels', 'ok' | 'unavailable'>>;
  readonly projections: readonly {
    readonly name: string;
    readonly version: number;
    readonly state: string;
    readonly behind: number;
    readonly quarantinedStreams: number;
  }[];
  readonly policies: readonly { readonly name: string; readonly state: string }[];
}

/** Probes ask often, and anybody may: they share an answer this long. */
const FRESH_MS = 500;

/** Whether this process can append and read. Reasons stay in the log: this answers strangers. */
@Injectable()
export class Readiness {
  private latest: { readonly at: number; readonly report: Promise<ReadinessReport> } | undefined;

  private readonly probes: StoreProbes;

  constructor(
    log: EventStore,
    groups: ConsumerGroups,
    ops: OpsStore,
    readStore: ReadStore,
    private readonly projector: Projector,
    private readonly policies: PolicyRunner,
  ) {
    this.probes = probesOf({ log, groups, ops, readStore });
  }

  report(): Promise<ReadinessReport> {
    const now = performance.now();
    if (!this.latest || now - this.latest.at > FRESH_MS) this.latest = { at: now, report: this.look() };
    return this.latest.report;
  }

  private async look(): Promise<ReadinessReport> {
    const [eventLog, operations, readModels, projector] = await Promise.all([
      isWell(this.probes.eventLog),
      isWell(this.probes.operations),
      isWell(this.probes.readModels),
      inTime(this.projector.status()).catch(() => undefined),
    ]);
    // A stopped projection refuses its own queries and no others; one that is still being built has nothing to show yet.
    const isReady = eventLog && operations && readModels && projector?.built === true;
    return {
      status: isReady ? 'ready' : 'not_ready',
      storage: { eventLog: word(eventLog), operations: word(operations), readModels: word(readModels) },
      projections: (projector?.projections ?? []).map(({ name, version, state, behind, quarantined }) => ({
        name,
        version,
        state,
        behind: Number(behind),
        quarantinedStreams: quarantined.length,
      })),
      policies: this.policies.status().map(({ name, state }: PolicyStatus) => ({ name, state })),
    };
  }
}

const word = (well: boolean) => (well ? 'ok' : 'unavailable');
