import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommandContext, FactCodec, LogAggregateStore, parseStream } from '#event-sourcing';
import { EndingLog } from '#event-sourcing/testing/ending-log.js';
import { systemActor } from '#event-sourcing/testing/given.js';
import { type Ground, newGround } from '#event-sourcing/testing/room.js';
import { RandomIds, SettableClock } from '#platform';
import { type Candidate, Candidates } from './candidates.js';
import { RegisterCandidate, RegisterCandidateHandler } from './commands/register-candidate.js';
import { RemoveCandidate, RemoveCandidateHandler } from './commands/remove-candidate.js';
import { UpdateCandidate, UpdateCandidateHandler } from './commands/update-candidate.js';
import { EmailClaims } from './email-claims.js';

const EMAILS = ['a@example.com', 'b@example.com', 'c@example.com'];
const ids = new RandomIds();
const clock = new SettableClock();
let ground: Ground;

beforeAll(async () => {
  ground = await newGround();
});

afterAll(async () => {
  await ground.log.close();
  await ground.ops.close();
});

/** The room's own parts put together by hand: a whole graph for each of the many short lives here would take minutes. */
class Process {
  private readonly store: LogAggregateStore;
  private readonly claims: EmailClaims;
  readonly candidates: Candidates;

  constructor(
    private readonly orgId: string,
    appends = Number.POSITIVE_INFINITY,
  ) {
    this.store = new LogAggregateStore(new EndingLog(ground.log, appends), new FactCodec(ground.ops), clock);
    this.claims = new EmailClaims(this.store, ground.ops);
    this.candidates = new Candidates(this.store, this.claims);
  }

  register(email: string) {
    const command = new RegisterCandidate(this.context(), this.orgId, { email });
    return new RegisterCandidateHandler(this.store, this.claims, ids).execute(command);
  }

  move(id: string, email: string) {
    const command = new UpdateCandidate(this.context(), this.orgId, id, { email });
    return new UpdateCandidateHandler(this.store, this.claims, ids).execute(command);
  }

  remove(id: string) {
    const command = new RemoveCandidate(this.context(), this.orgId, id);
    return new RemoveCandidateHandler(this.store, this.claims).execute(command);
  }

  async all(): Promise<Candidate[]> {
    const { events } = await ground.log.readAll({
      limit: 1000,
      filter: { streamPrefixes: [`candidate-${this.orgId}.`] },
    });
    return this.candidates.findAll(this.orgId, [...new Set(events.map(({ stream }) => parseStream(stream).id))]);
  }

  private context(): CommandContext {
    return new CommandContext(systemActor, ids.next(), clock.now());
  }
}

type Act = (process: Process, known: readonly string[]) => Promise<unknown>;

const email = fc.constantFrom(...EMAILS);
const act: fc.Arbitrary<Act> = fc.oneof(
  email.map(
    (address): Act =>
      (process) =>
        process.register(address),
  ),
  fc.tuple(fc.nat(2), email).map(
    ([who, address]): Act =>
      (process, known) =>
        process.move(known[who] ?? 'nobody', address),
  ),
  fc.nat(2).map(
    (who): Act =>
      (process, known) =>
        process.remove(known[who] ?? 'nobody'),
  ),
);

/** What goes on at once in two processes, each of which ends after so many appends. */
const life = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 3 }),
  appends: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(4)),
});
const moment = fc.tuple(life, life);

it('whatever_happens_at_once_and_wherever_it_breaks_off_no_two_candidates_share_an_address_and_none_is_lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 5 }), async (moments) => {
      const orgId = ids.next();
      const survivor = new Process(orgId);
      for (const lives of moments) {
        const known = (await survivor.all()).map(({ id }) => id);
        const running = lives.flatMap(({ acts, appends }) => {
          const process = new Process(orgId, appends);
          return acts.map((doIt) => doIt(process, known));
        });
        await Promise.allSettled(running);
        const candidates = await survivor.all();
        expect(new Set(candidates.map((candidate) => candidate.email)).size).toBe(candidates.length);
        for (const candidate of candidates)
          expect(await survivor.candidates.findByEmail(orgId, candidate.email)).toEqual(candidate);
      }
      // Every address can be had, by whoever has it or anew.
      for (const address of EMAILS) {
        const holder = await survivor.candidates.findByEmail(orgId, address);
        const registered = await survivor.register(address);
        expect(registered.created).toBe(holder === undefined);
        if (holder) expect(registered.candidateId).toBe(holder.id);
      }
      expect(await survivor.all()).toHaveLength(EMAILS.length);
    }),
    { numRuns: 150 },
  );
});
