import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { type Clock, type Ids, isVerbatimError } from '#platform';
import { JudgeError, type Judges, judgeSession, judgingInputOf, recordable, type Submissions } from '#scoring';
import { ClaimScoring, FailScoring, ParkScoring, RecordScore } from '#sessions';
import { failureOf } from './failure.js';
import { Lease, LeaseLost } from './lease.js';

export interface RunHouse {
  readonly commands: CommandBus;
  readonly submissions: Submissions;
  readonly judges: Judges;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly leaseMs: number;
}

/** The session whose score is wanted, and the event that said so. */
export interface WantedScore {
  readonly orgId: string;
  readonly sessionId: string;
  readonly causedBy: string;
}

const ACTOR = { kind: 'system', id: 'scorer', via: 'system' } as const;
/** A result that cannot be written down now is offered again, for as long as the lease holds. */
const AGAIN_MS = 500;

/** One attempt at one session's score: claim, judge, record. Whatever happens to it, the stream knows how to go on. */
export class ScoringRun {
  private readonly logger = new Logger(ScoringRun.name);
  private readonly runId: string;
  /** That whoever asked for the score asked for; null: the judge's own. */
  private model: string | null = null;

  constructor(
    private readonly house: RunHouse,
    private readonly wanted: WantedScore,
  ) {
    this.runId = house.ids.next();
  }

  /** False when there is nothing to claim. What it throws beside that says nothing about the session: ask again later. */
  async claim(): Promise<boolean> {
    const { orgId, sessionId } = this.wanted;
    const wish = { runId: this.runId, leaseMs: this.house.leaseMs };
    try {
      const claimed = await this.house.commands.execute(new ClaimScoring(this.context(), orgId, sessionId, wish));
      this.model = claimed.model;
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  /** After the claim. Never rejects: a failure is a fact of the session, or its lease runs out. */
  async work(stopping: AbortSignal): Promise<void> {
    const lease = new Lease(
      this.house.leaseMs,
      () => this.claim(),
      (error) => this.logger.warn({ err: error, ...this.wanted }, 'A lease could not be renewed.'),
    );
    try {
      await this.judge(AbortSignal.any([lease.lost, stopping]), lease);
    } catch (error) {
      await lease.end();
      await this.fail(error, stopping).catch((failure: unknown) => {
        const isLost = isRefusal(failure);
        if (!isLost) this.logger.warn({ err: failure, ...this.wanted }, 'A failed attempt ends with its lease.');
      });
    } finally {
      await lease.end();
    }
  }

  private async judge(signal: AbortSignal, lease: Lease): Promise<void> {
    const { submissions, judges, commands } = this.house;
    const { orgId, sessionId } = this.wanted;
    const submission = await submissions.read(orgId, sessionId);
    const judgement = await judgeSession(judgingInputOf(submission), judges, { signal, model: this.model });
    const score = { runId: this.runId, ...recordable(judgement) };
    const commandId = this.house.ids.next();
    for (;;) {
      signal.throwIfAborted();
      try {
        await commands.execute(new RecordScore(this.context(commandId), orgId, sessionId, score));
        return;
      } catch (error) {
        if (!isPassing(error) || lease.lost.aborted) throw error;
        this.logger.warn({ err: error, ...this.wanted }, 'A score could not be written down and is offered again.');
        await pause(AGAIN_MS, signal);
      }
    }
  }

  private async fail(error: unknown, stopping: AbortSignal): Promise<void> {
    const { commands, clock } = this.house;
    const { orgId, sessionId } = this.wanted;
    const { runId } = this;
    if (error instanceof LeaseLost || isRefusal(error)) {
      this.logger.log({ ...this.wanted, runId }, 'A run lost its claim; its result counts for nothing.');
      return;
    }
    if (error instanceof JudgeError && error.code === 'refused') {
      const parking = { runId, reason: error.message };
      await commands.execute(new ParkScoring(this.context(), orgId, sessionId, parking));
      this.logger.error({ err: error, ...this.wanted }, 'The judge will not answer: the session is parked.');
      return;
    }
    // Others may begin at once: it was not the session's fault.
    const failure = stopping.aborted
      ? { reason: 'scorer_stopped', retryAt: clock.now() }
      : failureOf(error, runId, clock.now());
    await commands.execute(new FailScoring(this.context(), orgId, sessionId, { runId, ...failure }));
    this.logger.warn({ err: error, ...this.wanted, reference: runId }, 'An attempt at a score failed.');
  }

  private context(commandId = this.house.ids.next()): CommandContext {
    const { causedBy } = this.wanted;
    return new CommandContext(ACTOR, commandId, this.house.clock.now(), this.runId, causedBy);
  }
}

/** The session says no: it is gone, or another's, or wants no score. */
const isRefusal = (error: unknown): boolean => isVerbatimError(error, 'invalid_status_transition', 'not_found');

const isPassing = (error: unknown): boolean => isVerbatimError(error, 'busy', 'storage_unavailable');

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
