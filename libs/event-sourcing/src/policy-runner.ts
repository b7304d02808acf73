import type { Policy } from './policy.js';
import { type PolicyParts, PolicyRun, type PolicyStatus } from './policy-run.js';

/** Runs policies side by side, each in the log's order and at its own pace: one that stops holds up no other. */
export class PolicyRunner {
  private readonly runs: readonly PolicyRun[];
  private running: { readonly end: AbortController; readonly ended: Promise<unknown> } | undefined;

  constructor(policies: readonly Policy[], parts: PolicyParts) {
    if (new Set(policies.map(({ name }) => name)).size !== policies.length)
      throw new Error('Two policies have one name, and would share a checkpoint.');
    this.runs = policies.map((policy) => new PolicyRun(policy, parts));
  }

  /** From the checkpoints on, a policy that had stopped too. Nothing when it runs already. */
  start(): void {
    if (this.running) return;
    const end = new AbortController();
    this.running = { end, ended: Promise.all(this.runs.map((run) => run.run(end.signal))) };
  }

  /** Answers when the reactions under way are finished and the checkpoints kept. Repeatable. */
  async stop(): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.end.abort();
    await running.ended;
    if (this.running === running) this.running = undefined;
  }

  status(): readonly PolicyStatus[] {
    return this.runs.map((run) => run.status);
  }
}
