import { Injectable } from '@nestjs/common';
import { PolicyRunner, type PolicyStatus } from '#event-sourcing';
import { EventStore, isEventStoreError } from '#event-store';
import { OpsStore } from '#ops-store';
import { Ids } from '#platform';
import { Projector } from '#projector';
import { ReadStore } from '#read-store';

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

const DEADLINE_MS = 2_000;
/** Probes ask often, and anybody may: they share an answer this long. */
const FRESH_MS = 500;
/** Holds nothing and never will. */
const PROBE_STREAM = 'health-probe';

/** Whether this process can append and read. Reasons stay in the log: this answers strangers. */
@Injectable()
export class Readiness {
  private latest: { readonly at: number; readonly report: Promise<ReadinessReport> } | undefined;

  constructor(
    private readonly log: EventStore,
    private readonly ops: OpsStore,
    private readonly readStore: ReadStore,
    private readonly ids: Ids,
    private readonly projector: Projector,
    private readonly policies: PolicyRunner,
  ) {}

  report(): Promise<ReadinessReport> {
    const now = performance.now();
    if (!this.latest || now - this.latest.at > FRESH_MS) this.latest = { at: now, report: this.look() };
    return this.latest.report;
  }

  private async look(): Promise<ReadinessReport> {
    const [eventLog, operations, readModels, projector] = await Promise.all([
      isWell(() => this.tryAppend()),
      isWell(() => this.ops.leases.acquire('health', 'health', 1_000)),
      isWell(() => this.readStore.builds()),
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

  /** An append that must conflict goes all the way through the writer and leaves nothing in the log. */
  private async tryAppend(): Promise<void> {
    const nothing = new Uint8Array();
    try {
      await this.log.append(PROBE_STREAM, 0n, [
        {
          id: this.ids.next(),
          type: 'probe',
          contentType: 'application/octet-stream',
          data: nothing,
          metadata: nothing,
        },
      ]);
    } catch (error) {
      if (!isEventStoreError(error, 'wrong_expected_revision')) throw error;
    }
  }
}

const word = (well: boolean) => (well ? 'ok' : 'unavailable');

const isWell = (probe: () => Promise<unknown>): Promise<boolean> =>
  inTime(probe()).then(
    () => true,
    () => false,
  );

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('No answer in time.')), DEADLINE_MS);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
