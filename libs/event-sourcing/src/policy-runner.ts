import { VerbatimError } from '#platform';
import type { Policy } from './policy.js';
import { type PolicyParts, PolicyRun, type PolicyStatus } from './policy-run.js';

/** Runs policies side by side, each in the log's order and at its own pace: one that stops holds up no other. */
export class PolicyRunner {
  private readonly runs: readonly PolicyRun[];
  private running: { readonly end: AbortController; readonly ended: Promise<unknown> } | undefined;

  constructor(
    policies: readonly Policy[],
    private readonly parts: PolicyParts,
  ) {
    if (new Set(policies.map(({ name }) => name)).size !== policies.length)
      throw new Error('Two policies have one name, and would share a checkpoint.');
    this.runs = policies.map((policy) => new PolicyRun(policy, parts));
  }

  /**
   * For the start: a checkpoint beyond the log's end is of another log, and its policy would pass over what comes.
   * @throws VerbatimError storage_unavailable
   */
  async refuseForeignCheckpoints(): Promise<void> {
    const { log, checkpoints } = this.parts;
    const head = await log.head();
    for (const { name } of this.status()) {
      const position = await checkpoints.load(name);
      if (position !== undefined && position > head)
        throw new VerbatimError(
          'storage_unavailable',
          `The operational store knows more than the event log holds (policy ${name} is at ${position}, the log ends at ` +
            `${head}): they are not of one backup. Restore both from the same one.`,
        );
    }
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
