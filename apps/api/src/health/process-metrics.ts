import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { PolicyRunner } from '#event-sourcing';
import { Projector } from '#projector';
import { Metrics } from '../http/index.js';

/** How far projections and policies are, asked when the metrics are. */
@Injectable()
export class ProcessMetrics {
  private readonly behind: Gauge<'projection' | 'version'>;
  private readonly stopped: Gauge<'projection' | 'version'>;
  private readonly quarantined: Gauge<'projection' | 'version'>;
  private readonly policies: Gauge<'policy'>;

  constructor(
    private readonly metrics: Metrics,
    private readonly projector: Projector,
    private readonly runner: PolicyRunner,
  ) {
    const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Gauge({ name, help, labelNames, registers: [metrics.registry] });
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
    collectDefaultMetrics({ register: metrics.registry });
  }

  async text(): Promise<string> {
    await this.look();
    return this.metrics.registry.metrics();
  }

  get contentType(): string {
    return this.metrics.registry.contentType;
  }

  private async look(): Promise<void> {
    const { projections } = await this.projector.status();
    for (const gauge of [this.behind, this.stopped, this.quarantined]) gauge.reset();
    for (const { name, version, behind, state, quarantined } of projections) {
      const labels = { projection: name, version: String(version) };
      this.behind.set(labels, Number(behind));
      this.stopped.set(labels, state === 'stopped' ? 1 : 0);
      this.quarantined.set(labels, quarantined.length);
    }
    for (const { name, state } of this.runner.status())
      this.policies.set({ policy: name }, state === 'stopped' ? 1 : 0);
  }
}
