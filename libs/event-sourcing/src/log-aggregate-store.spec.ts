import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AppendResult, type EventData, EventStore, EventStoreError, type ExpectedRevision } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { isVerbatimError, SettableClock, VerbatimError } from '#platform';
import {
  type Aggregate,
  CommandContext,
  defineEvent,
  EventCatalogue,
  type EventOf,
  FactCodec,
  LogAggregateStore,
} from './index.js';

const added = defineEvent<{ amount: number; note?: string }>()({
  type: 'amount_added',
  version: 1,
  layer: 'record',
  meaning: 'An amount was added.',
  structure: { amount: 'number' },
});
const definitions = [added] as const;
type LedgerEvent = EventOf<typeof definitions>;
interface Ledger {
  readonly sum: number;
  readonly count: number;
}

const ledger: Aggregate<Ledger, LedgerEvent> = {
  category: 'ledger',
  catalogue: new EventCatalogue(definitions),
  initialState: { sum: 0, count: 0 },
  evolve: (state, event) => ({ sum: state.sum + event.data.amount, count: state.count + 1 }),
};

const STREAM = 'ledger-org.one';

/** The store's port with trouble on the way: what was asked may be lost, done late, or done and its answer lost. */
class TroubledStore extends EventStore {
  readonly plan: ('pass' | 'lose request' | 'lose answer' | 'be late' | 'unavailable')[] = [];
  appends = 0;
  private readonly late: (() => Promise<unknown>)[] = [];

  constructor(private readonly inner: EventStore) {
    super();
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly EventData[]): Promise<AppendResult> {
    this.appends += 1;
    const what = this.plan.shift() ?? 'pass';
    if (what === 'unavailable') throw new EventStoreError('unavailable', 'no disk');
    if (what === 'lose request') throw new EventStoreError('unknown_outcome', 'no answer');
    if (what === 'be late') {
      this.late.push(() => this.inner.append(stream, expected, events));
      throw new EventStoreError('unknown_outcome', 'no answer');
    }
    for (const append of this.late.splice(0)) await append();
    const result = await this.inner.append(stream, expected, events);
    if (what === 'lose answer') throw new EventStoreError('unknown_outcome', 'no answer');
    return result;
  }

  readStream: EventStore['readStream'] = (...given) => this.inner.readStream(...given);
  readAll: EventStore['readAll'] = (...given) => this.inner.readAll(...given);
  subscribe: EventStore['subscribe'] = (...given) => this.inner.subscribe(...given);
  deleteStream: EventStore['deleteStream'] = (...given) => this.inner.deleteStream(...given);
  head: EventStore['head'] = () => this.inner.head();
  close: EventStore['close'] = () => this.inner.close();
}

describe('the aggregate store', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  async function world() {
    const log = new TroubledStore(await openEmbeddedEventStore({ memory: true }));
    const ops = await EmbeddedOpsStore.open({ secret: 'x'.repeat(32) });
    opened.push(log, ops);
    const clock = new SettableClock();
    const process = () => new LogAggregateStore(log, new FactCodec(ops), clock);
    return { log, clock, process, store: process() };
  }

  let commands = 0;
  const context = (budgetMs = 5000) =>
    new CommandContext(
      { kind: 'system', id: 'spec', via: 'system' },
      `command-${++commands}`,
      0,
      'correlation',
      null,
      budgetMs,
    );
  const add = (amount: number) => () => ({ events: [{ ...event(amount) }], answer: amount });
  const event = (amount: number): LedgerEvent => ({ type: 'amount_added', data: { amount } });

  it('a_decision_is_appended_at_the_revision_it_was_made_on_and_folded_into_the_state', async () => {
    const { store } = await world();
    const first = await store.change(ledger, STREAM, context(), add(2));
    expect(first).toMatchObject({
      before: { sum: 0 },
      state: { sum: 2, count: 1 },
      revision: 0,
      appended: 1,
      answer: 2,
    });
    const second = await store.change(ledger, STREAM, context(), add(3));
    expect(second).toMatchObject({ state: { sum: 5, count: 2 }, revision: 1 });
    expect(store.acknowledged).toBe(second.position);
    expect(await store.load(ledger, STREAM)).toMatchObject({ state: { sum: 5, count: 2 }, revision: 1 });
    expect(await store.loadAt(ledger, STREAM, 0)).toMatchObject({ state: { sum: 2, count: 1 }, revision: 0 });
  });

  it('two_processes_that_decide_otherwise_under_one_command_never_pass_for_one', async () => {
    const { process } = await world();
    const command = context();
    const decisions: [number, number][] = [];
    const decide = (amount: number) => (_: Ledger, revision: number) => {
      decisions.push([amount, revision]);
      return { events: [event(amount)], answer: amount };
    };
    const changed = await Promise.all([
      process().change(ledger, STREAM, command, decide(3)),
      process().change(ledger, STREAM, command, decide(5)),
    ]);
    // Both decided on the empty stream, so under the same event id; the one that lost decided again on what stood there.
    expect(decisions.slice(0, 2).map(([, revision]) => revision)).toEqual([-1, -1]);
    expect(decisions.slice(2).map(([, revision]) => revision)).toEqual([0]);
    expect(changed.map(({ answer }) => answer)).toEqual([3, 5]);
    expect(await process().load(ledger, STREAM)).toMatchObject({ state: { sum: 8, count: 2 } });
  });

  it('two_processes_that_decide_at_once_both_get_in_one_after_the_other', async () => {
    const { process } = await world();
    const stores = [process(), process(), process()];
    await Promise.all(
      stores.flatMap((store) => Array.from({ length: 20 }, () => store.change(ledger, STREAM, context(), add(1)))),
    );
    for (const store of stores) expect((await store.load(ledger, STREAM)).state).toEqual({ sum: 60, count: 60 });
  });

  it('a_refusal_made_on_an_old_state_is_decided_again_on_the_tail', async () => {
    const { process } = await world();
    const [here, elsewhere] = [process(), process()];
    await here.change(ledger, STREAM, context(), add(1));
    await elsewhere.change(ledger, STREAM, context(), add(9));
    const seen: number[] = [];
    const changed = await here.change(ledger, STREAM, context(), (state) => {
      seen.push(state.sum);
      if (state.sum < 10) throw new VerbatimError('session_closed', 'too little');
      return { events: [], answer: 'enough' };
    });
    expect(changed).toMatchObject({ answer: 'enough', appended: 0, position: null, revision: 1 });
    expect(seen).toEqual([1, 10]);
  });

  it('a_no_op_made_on_an_old_state_is_decided_again_on_the_tail', async () => {
    const { process } = await world();
    const [here, elsewhere] = [process(), process()];
    await here.change(ledger, STREAM, context(), add(1));
    await elsewhere.change(ledger, STREAM, context(), add(9));
    const changed = await here.change(ledger, STREAM, context(), (state) => ({ events: [], answer: state.sum }));
    expect(changed.answer).toBe(10);
  });

  it('a_final_refusal_appends_nothing', async () => {
    const { log, store } = await world();
    const refused = store.change(ledger, STREAM, context(), () => {
      throw new VerbatimError('session_closed', 'no');
    });
    await expect(refused).rejects.toMatchObject({ code: 'session_closed' });
    expect(log.appends).toBe(0);
  });

  it('an_append_whose_answer_was_lost_is_found_by_its_ids_and_not_written_again', async () => {
    const { log, store } = await world();
    log.plan.push('lose answer', 'lose request', 'pass', 'lose answer');
    await store.change(ledger, STREAM, context(), add(1));
    await store.change(ledger, STREAM, context(), add(2));
    await store.change(ledger, STREAM, context(), add(4));
    const { facts } = await store.facts<LedgerEvent>(STREAM, { limit: 10 });
    expect(facts.map((fact) => fact.data.amount)).toEqual([1, 2, 4]);
    expect(new Set(facts.map((fact) => fact.id)).size).toBe(3);
  });

  it('whatever_is_lost_on_the_way_each_acknowledged_change_is_in_the_stream_once', async () => {
    const trouble = fc.constantFrom(
      'pass' as const,
      'lose request' as const,
      'lose answer' as const,
      'unavailable' as const,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(trouble, { maxLength: 12 }), fc.integer({ min: 1, max: 6 }), async (plan, writers) => {
        const { log, process } = await world();
        log.plan.push(...plan);
        const stores = [process(), process()];
        const acknowledged: number[] = [];
        const uncertain: number[] = [];
        await Promise.all(
          Array.from({ length: writers }, async (_, writer) => {
            for (const step of [0, 1]) {
              const amount = writer * 10 + step;
              await stores[writer % 2]!.change(ledger, STREAM, context(), add(amount)).then(
                () => acknowledged.push(amount),
                (error: unknown) => {
                  if (isVerbatimError(error, 'busy')) uncertain.push(amount);
                  else if (!isVerbatimError(error, 'storage_unavailable')) throw error;
                },
              );
            }
          }),
        );
        const { facts } = await stores[0]!.facts<LedgerEvent>(STREAM, { limit: 100 });
        const certain = facts.map((fact) => fact.data.amount).filter((amount) => !uncertain.includes(amount));
        expect(certain.toSorted((a, b) => a - b)).toEqual(acknowledged.toSorted((a, b) => a - b));
        expect(new Set(facts.map((fact) => fact.data.amount)).size).toBe(facts.length);
        expect(new Set(facts.map((fact) => fact.id)).size).toBe(facts.length);
      }),
      { numRuns: 40 },
    );
  });

  it('a_storage_that_cannot_be_written_is_said_and_nothing_is_acknowledged', async () => {
    const { log, store } = await world();
    log.plan.push('unavailable');
    await expect(store.change(ledger, STREAM, context(), add(1))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect((await store.load(ledger, STREAM)).revision).toBe(-1);
    expect(store.acknowledged).toBe(0n);
  });

  it('an_outcome_that_stays_unknown_until_the_budget_ends_is_not_called_a_failure', async () => {
    const { log, store } = await world();
    log.plan.push(...Array.from({ length: 50 }, () => 'lose request' as const));
    const uncertain = store.change(ledger, STREAM, context(60), add(1));
    await expect(uncertain).rejects.toMatchObject({ code: 'busy', message: expect.stringContaining('may or may not') });
  });

  it('a_storage_that_goes_away_after_an_unknown_outcome_is_not_called_a_failure', async () => {
    const { log, store } = await world();
    log.plan.push('lose request', 'unavailable');
    const uncertain = store.change(ledger, STREAM, context(), add(1));
    await expect(uncertain).rejects.toMatchObject({ code: 'busy', message: expect.stringContaining('may or may not') });
  });

  it('an_append_that_is_written_after_all_does_not_pass_for_the_next_decision_of_the_same_command', async () => {
    const { log, process, store } = await world();
    const again = new CommandContext({ kind: 'system', id: 'spec', via: 'system' }, 'same', 0, 'c', null, 60);
    log.plan.push('be late', 'be late', 'be late');
    await expect(store.change(ledger, STREAM, again, add(2))).rejects.toMatchObject({ code: 'busy' });
    expect(await store.change(ledger, STREAM, again, add(3))).toMatchObject({ state: { sum: 5, count: 2 } });
    expect((await process().load(ledger, STREAM)).state).toEqual({ sum: 5, count: 2 });
  });

  it('time_in_the_stream_never_runs_backwards', async () => {
    const { clock, store } = await world();
    clock.set('2026-03-01T10:00:00.000Z');
    await store.change(ledger, STREAM, context(), add(1));
    clock.set('2026-03-01T09:00:00.000Z');
    await store.change(ledger, STREAM, context(), add(1));
    const { facts } = await store.facts(STREAM, { limit: 10 });
    expect(facts.map((fact) => fact.metadata.recordedAt)).toEqual([
      '2026-03-01T10:00:00.000Z',
      '2026-03-01T10:00:00.000Z',
    ]);
  });

  it('a_deleted_stream_reads_as_missing_and_takes_nothing_more_in_any_process', async () => {
    const { process } = await world();
    const [here, elsewhere] = [process(), process()];
    await here.change(ledger, STREAM, context(), add(1));
    await elsewhere.load(ledger, STREAM);
    await here.deleteStream(STREAM);
    await here.deleteStream(STREAM);
    for (const store of [here, elsewhere]) {
      await expect(store.change(ledger, STREAM, context(), add(1))).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.load(ledger, STREAM)).toMatchObject({ revision: -1, state: ledger.initialState });
      expect(await store.facts(STREAM, { limit: 10 })).toMatchObject({ facts: [], lastRevision: -1 });
    }
  });

  it('changes_larger_than_one_append_takes_are_refused_before_anything_is_written', async () => {
    const { log, store } = await world();
    const large = { type: 'amount_added', data: { amount: 1, note: 'x'.repeat(40_000) } } as const;
    const tooMuch = store.change(ledger, STREAM, context(), () => ({ events: Array(30).fill(large), answer: null }));
    await expect(tooMuch).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(log.appends).toBe(0);
  });
});
