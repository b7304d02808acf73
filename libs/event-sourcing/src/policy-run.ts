import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, RecordedEvent, SubscriptionMessage } from '#event-store';
import type { Checkpoints } from '#ops-store';
import { type Clock, derivedId } from '#platform';
import type { FactCodec } from './codec.js';
import { CommandContext } from './context.js';
import type { Policy } from './policy.js';

export interface PolicyTrouble {
  readonly policy: string;
  readonly error: unknown;
  /** Undefined: not an event's fault (the checkpoint could not be read or kept). */
  readonly event?: { readonly id: string; readonly stream: string; readonly type: string };
  readonly attempt: number;
  /** Retried no more: the policy stands still at this event until it is started again. */
  readonly stopped: boolean;
}

export interface PolicyParts {
  readonly log: EventStore;
  readonly codec: FactCodec;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  readonly report?: (trouble: PolicyTrouble) => void;
  /** How often a failing event is tried before its policy stops. Default 8: half a minute. */
  readonly attempts?: number;
  /** First pause; doubled each time, up to 30 s. Default 200. */
  readonly firstPauseMs?: number;
}

export interface PolicyStatus {
  readonly name: string;
  readonly state: 'idle' | 'running' | 'retrying' | 'stopped';
  /** How far it has come; null before the first event. */
  readonly position: bigint | null;
  /** Of the failure it is retrying or stopped at. */
  readonly error: string | null;
}

const LONGEST_PAUSE_MS = 30_000;
const SAVE_EVERY_MS = 1000;
const BATCH = 64;

/** One policy on its own subscription. Checkpoints hold only what was reacted to, so a crash repeats and never skips. */
export class PolicyRun {
  private state: PolicyStatus['state'] = 'idle';
  private error: string | null = null;
  private position: bigint | null = null;
  private saved: bigint | null = null;
  private savedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly policy: Policy,
    private readonly parts: PolicyParts,
  ) {}

  get status(): PolicyStatus {
    return { name: this.policy.name, state: this.state, position: this.position, error: this.error };
  }

  /** Until the signal aborts or the policy stops at an event. The reaction under way is finished. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.to('running');
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await this.follow(signal);
        if (signal.aborted || this.state === 'stopped') break;
        throw new Error('The subscription ended by itself.');
      } catch (error) {
        if (signal.aborted) break;
        this.to('retrying', error);
        this.parts.report?.({ policy: this.policy.name, error, attempt, stopped: false });
        await this.pause(attempt, signal);
      }
    }
    // What could not be saved is repeated at the next start.
    await this.save().catch(() => {});
    if (this.state !== 'stopped') this.to('idle');
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { log, checkpoints } = this.parts;
    this.position = (await checkpoints.load(this.policy.name)) ?? null;
    this.saved = this.position;
    this.to('running');
    const messages = log.subscribe({
      after: this.position ?? 'start',
      filter: { types: this.policy.types },
      batchSize: BATCH,
      signal,
    });
    for await (const message of messages) {
      await this.take(message, signal);
      if (signal.aborted || this.state === 'stopped') return;
    }
  }

  private async take(message: SubscriptionMessage, signal: AbortSignal): Promise<void> {
    if (message.kind !== 'events') {
      this.position = message.position;
      // A busy log says this often, and each save waits for the disk.
      if (performance.now() - this.savedAt > SAVE_EVERY_MS) await this.save();
      return;
    }
    for (const event of message.events) {
      if (signal.aborted || !(await this.react(event, signal))) break;
      this.position = event.position;
    }
    await this.save();
  }

  /** False when it was not reacted to: stopped, or told to end while waiting to try again. */
  private async react(event: RecordedEvent, signal: AbortSignal): Promise<boolean> {
    const { codec, clock, attempts = 8, report } = this.parts;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const fact = await codec.decode(event);
        const commandId = derivedId('policy', this.policy.name, fact.id);
        const actor = { kind: 'system', id: this.policy.name, via: 'system' } as const;
        const { correlationId } = fact.metadata;
        await this.policy.react(fact, new CommandContext(actor, commandId, clock.now(), correlationId, fact.id));
        this.to('running');
        return true;
      } catch (error) {
        const stopped = attempt >= attempts && !passesByItself(error);
        const { id, stream, type } = event;
        this.to(stopped ? 'stopped' : 'retrying', error);
        report?.({ policy: this.policy.name, error, event: { id, stream, type }, attempt, stopped });
        if (stopped) return false;
        await this.pause(attempt, signal);
        if (signal.aborted) return false;
      }
    }
  }

  private async save(): Promise<void> {
    if (this.position === null || this.position === this.saved) return;
    await this.parts.checkpoints.save(this.policy.name, this.position);
    this.saved = this.position;
    this.savedAt = performance.now();
  }

  private async pause(attempt: number, signal: AbortSignal): Promise<void> {
    const { firstPauseMs = 200 } = this.parts;
    await delay(Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (attempt - 1)), undefined, { signal }).catch(() => {});
  }

  private to(state: PolicyStatus['state'], error?: unknown): void {
    this.state = state;
    this.error = error === undefined ? null : error instanceof Error ? error.message : String(error);
  }
}

/** Codes of the house's own errors and of the stores' (a reaction meets those as they are). */
const PASSING: ReadonlySet<unknown> = new Set([
  'busy',
  'storage_unavailable',
  'projection_lagging',
  'projection_stopped',
  'unavailable',
  'unknown_outcome',
]);

/** Not the event's fault: a store without room or out of reach comes back, and then the policy must still be there. */
const passesByItself = (error: unknown): boolean => PASSING.has((error as { code?: unknown } | null)?.code);
