import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isVerbatimError } from '#platform';
import { SCORING_WORK_TYPES } from './scoring.events.js';
import { SCORING_ATTEMPTS, type SessionDecision } from './session.decider.js';
import { settle } from './session.outcome.js';
import type { SessionState } from './session.state.js';
import type { Story } from './testing/given-when-then.js';
import { does, inProgress, PLAN } from './testing/sample-session.js';

const WORK: readonly string[] = SCORING_WORK_TYPES;
const LEASE_MINUTES = 1;
/** Longer than any lease and any wait after a failure. */
const LONG = 60;

/**
 * Scorers before one session, as the competing-consumer group serves them: each event that tells of work is delivered at
 * least once, to whoever asks; it is acknowledged at the claim, whether that succeeds or is refused; what was delivered and
 * not acknowledged is delivered again.
 */
class World {
  story: Story = inProgress({ ...PLAN, autoScore: true }).after(does.submit(30));
  minute = 30;
  private delivered = 0;
  private readonly unacknowledged = new Set<number>();
  /** What each scorer is about, by its run; a scorer that crashes forgets it. */
  private readonly running = new Map<number, string>();
  private runs = 0;

  private attempt(decide: (state: SessionState) => SessionDecision<unknown>): boolean {
    try {
      const decision = decide(this.story.state);
      this.story = this.story.after(() => decision);
      settle(decision.answer);
      return true;
    } catch (error) {
      if (!isVerbatimError(error, 'invalid_status_transition')) throw error;
      return false;
    }
  }

  pass(minutes: number): void {
    this.minute = Math.max(30, this.minute + minutes);
  }

  look(): void {
    this.attempt(does.closeDue(this.minute));
  }

  ask(): void {
    this.attempt(does.requestScoring(this.minute, `request-${this.story.facts.length}`));
  }

  /** Takes the next event, or one that nobody acknowledged; `dies`: before it says that it has it. */
  take(scorer: number, dies: 'before the claim' | 'before the acknowledgement' | 'never'): void {
    const work = this.story.facts.filter(({ type }) => WORK.includes(type));
    const next = this.delivered < work.length ? this.delivered++ : [...this.unacknowledged][0];
    if (next === undefined) return;
    this.unacknowledged.add(next);
    this.running.delete(scorer);
    if (dies === 'before the claim') return;
    this.runs += 1;
    const runId = `run-${this.runs}`;
    const claimed = this.attempt(does.startScoring(this.minute, runId, LEASE_MINUTES));
    if (dies === 'before the acknowledgement') return;
    this.unacknowledged.delete(next);
    if (claimed) this.running.set(scorer, runId);
  }

  crash(scorer: number): void {
    this.running.delete(scorer);
  }

  end(scorer: number, how: 'renew' | 'record' | 'fail' | 'park'): void {
    const runId = this.running.get(scorer);
    if (runId === undefined) return;
    if (how === 'renew') this.attempt(does.startScoring(this.minute, runId, LEASE_MINUTES));
    if (how === 'record') this.attempt(does.recordScore(this.minute, runId));
    if (how === 'fail') this.attempt(does.failScoring(this.minute, runId));
    if (how === 'park') this.attempt(does.parkScoring(this.minute, runId));
    if (how !== 'renew') this.running.delete(scorer);
  }

  bring(): void {
    this.runs += 1;
    this.attempt(does.bringScore(this.minute, `run-${this.runs}`, `request-${this.story.facts.length}`));
  }

  /** From here on nothing breaks: one scorer takes what there is, and time passes. */
  calmDown(): void {
    for (let round = 0; round <= SCORING_ATTEMPTS; round += 1) {
      this.pass(LONG);
      this.look();
      for (let more = this.story.facts.length; more > 0; more -= 1) {
        this.take(0, 'never');
        this.end(0, 'record');
      }
    }
  }
}

const scorer = fc.nat(1);
const happening: fc.Arbitrary<(world: World) => void> = fc.oneof(
  { weight: 6, arbitrary: scorer.map((who) => (world: World) => world.take(who, 'never')) },
  { weight: 1, arbitrary: scorer.map((who) => (world: World) => world.take(who, 'before the claim')) },
  { weight: 2, arbitrary: scorer.map((who) => (world: World) => world.take(who, 'before the acknowledgement')) },
  {
    weight: 5,
    arbitrary: fc.tuple(scorer, fc.constantFrom('renew', 'record', 'fail', 'fail', 'park')).map(
      ([who, how]) =>
        (world: World) =>
          world.end(who, how as 'fail'),
    ),
  },
  { weight: 2, arbitrary: scorer.map((who) => (world: World) => world.crash(who)) },
  // The clocks of two processes differ: time may stand, jump, or be a little earlier than it was.
  { weight: 4, arbitrary: fc.constantFrom(-0.2, 0, 0.5, 1, 1.1, 40).map((by) => (world: World) => world.pass(by)) },
  { weight: 2, arbitrary: fc.constant((world: World) => world.look()) },
  { weight: 1, arbitrary: fc.constant((world: World) => world.ask()) },
  { weight: 1, arbitrary: fc.constant((world: World) => world.bring()) },
);

const ends = ['score_recorded', 'scoring_parked'];

const requestOf = (data: object): string => (data as { requestId: string }).requestId;

const lived = (happenings: readonly ((world: World) => void)[]): Story => {
  const world = new World();
  for (const happen of happenings) happen(world);
  world.calmDown();
  return world.story;
};

describe('two scorers that crash, are slow and come in any order', () => {
  it('answer each request once, with a score or by parking it, and lose none', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const { events, state } = lived(happenings);
        const asked = events.filter(({ type }) => type === 'scoring_requested').map(({ data }) => requestOf(data));
        const answered = events.filter(({ type }) => ends.includes(type)).map(({ data }) => requestOf(data));
        expect(answered).toEqual(asked);
        expect(state.scoring).toMatchObject({ request: null, claim: null });
        expect(state.status).toBe(state.scoring.runs.length > 0 ? 'scored' : 'submitted');
        expect(state.scoring.currentRunId).toBe(state.scoring.runs.at(-1)?.runId ?? null);
      }),
      { numRuns: 150 },
    );
  });

  it('never begin more attempts at a request than are allowed, and number them without a gap', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const attempts = new Map<string, number[]>();
        for (const { type, data } of lived(happenings).events)
          if (type === 'scoring_started') {
            const { requestId, attempt } = data as { requestId: string; attempt: number };
            const known = attempts.get(requestId) ?? [];
            if (known.at(-1) !== attempt) attempts.set(requestId, [...known, attempt]);
          }
        for (const numbers of attempts.values()) {
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
          expect(numbers.length).toBeLessThanOrEqual(SCORING_ATTEMPTS);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('live through all of it: requests parked, leases lost, scores brought from elsewhere', () => {
    const seen = new Set<string>();
    for (const happenings of fc.sample(fc.array(happening, { minLength: 20, maxLength: 60 }), { numRuns: 80, seed: 3 }))
      for (const { type, data } of lived(happenings).events) {
        const { reason, trigger } = data as { reason?: string; trigger?: string };
        seen.add([type, type === 'scoring_failed' ? reason : type === 'scoring_requested' ? trigger : ''].join(' '));
      }
    for (const lifeful of [
      'scoring_parked ',
      'scoring_failed lease_expired',
      'scoring_requested scorer',
      'score_recorded ',
    ])
      expect(seen).toContain(lifeful);
  });
});
