import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { PolicyRunner } from '#event-sourcing';
import { ConsumerGroups, EventStore } from '#event-store';
import { Clock } from '#platform';
import { Projector } from '#projector';
import { SCORING_GROUP } from '#scorer';
import { Metrics } from '../http/index.js';
import { inTime } from '../outages/store-probes.js';
import { GroupBacklog } from './group-backlog.js';
import { Readiness } from './readiness.js';

/** How stores, projections, policies and scorers are, asked when the metrics are. */
@Injectable()
export class ProcessMetrics {
  private readonly stores: Gauge<'store'>;
  private readonly behind: Gauge<'projection' | 'version'>;
  private readonly stopped: Gauge<'projection' | 'version'>;
  private readonly quarantined: Gauge<'projection' | 'version'>;
  private readonly policies: Gauge<'policy'>;
  private readonly waiting: Gauge<'group'>;
  private readonly oldest: Gauge<'group'>;
  private readonly parked: Gauge<'group'>;
  private readonly backlog: GroupBacklog;

  constructor(
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    private readonly projector: Projector,
    private readonly runner: PolicyRunner,
    log: EventStore,
    groups: ConsumerGroups,
    clock: Clock,
  ) {
    this.backlog = new GroupBacklog(SCORING_GROUP, { log, groups, clock });
    const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Gauge({ name, help, labelNames, registers: [metrics.registry] });
    this.stores = gauge('verbatim_store_available', '0: the store cannot be used.', 'store');
    this.behind = gauge(
      'verbatim_projection_behind',
      'Positions of the log still to project.',
      'projection',
      'version',
    );
    this.stopped = gauge(
      'verbatim_projection_stopped',
      '1: it stopped, its queries answer 503.',
      'projection',
      'version',
    );
    this.quarantined = gauge('verbatim_projection_quarantined_streams', 'Streams left aside.', 'projection', 'version');
    this.policies = gauge('verbatim_policy_stopped', '1: the policy stopped at a failing event.', 'policy');
    this.waiting = gauge('verbatim_group_waiting', 'Events its consumers have still to take, up to 1000.', 'group');
    this.oldest = gauge('verbatim_group_oldest_seconds', 'Age of the oldest of them; 0 without any.', 'group');
    this.parked = gauge('verbatim_group_parked', 'Events set aside until somebody replays them.', 'group');
    collectDefaultMetrics({ register: metrics.registry });
  }

  async text(): Promise<string> {
    // Of what needs a store that is away nothing is told, least of all what it was before.
    await Promise.all([
      this.lookAtStores(),
      this.lookAtProjections().catch(() => undefined),
      this.lookAtScorers().catch(() => undefined),
    ]);
    for (const { name, state } of this.runner.status())
      this.policies.set({ policy: name }, state === 'stopped' ? 1 : 0);
    return this.metrics.registry.metrics();
  }

  get contentType(): string {
    return this.metrics.registry.contentType;
  }

  private async lookAtStores(): Promise<void> {
    const { storage } = await this.readiness.report();
    for (const [store, state] of Object.entries(storage)) this.stores.set({ store }, state === 'ok' ? 1 : 0);
  }

  private async lookAtProjections(): Promise<void> {
    for (const gauge of [this.behind, this.stopped, this.quarantined]) gauge.reset();
    const { projections } = await inTime(this.projector.status());
    for (const { name, version, behind, state, quarantined } of projections) {
      const labels = { projection: name, version: String(version) };
      this.behind.set(labels, Number(behind));
      this.stopped.set(labels, state === 'stopped' ? 1 : 0);
      this.quarantined.set(labels, quarantined.length);
    }
  }

  private async lookAtScorers(): Promise<void> {
    for (const gauge of [this.waiting, this.oldest, this.parked]) gauge.reset();
    const backlog = await inTime(this.backlog.look());
    if (!backlog) return;
    const labels = { group: SCORING_GROUP };
    this.waiting.set(labels, backlog.waiting);
    this.oldest.set(labels, backlog.oldestSeconds);
    this.parked.set(labels, backlog.parked);
  }
}
