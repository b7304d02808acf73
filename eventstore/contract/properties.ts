import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type EventData,
  type EventStore,
  EventStoreError,
  type ExpectedRevision,
  type RecordedEvent,
} from '#event-store';
import { content, event, ids, isStrictlyGrowing, messagesUntil, ownPrefix, wholeLog, wholeStream } from './given.js';
import { LogModel } from './model.js';

const STREAMS = ['a', 'ab', 'b', 'ünï'];
const TYPES = ['opened', 'changed', 'closed'];

const stream = fc.constantFrom(...STREAMS);
/** Relative to the stream's true end: 0 is right. */
const drift = fc.constantFrom(0, 0, 0, 0, -1, 1, 3);
const batch = fc.array(fc.record({ type: fc.constantFrom(...TYPES), data: fc.json() }), { minLength: 1, maxLength: 4 });
const filter = fc.record(
  {
    streamPrefixes: fc.uniqueArray(fc.constantFrom('', ...STREAMS), { minLength: 1, maxLength: 2 }),
    types: fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), stream, drift, batch }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), index: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), stream, drift: fc.option(drift) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      stream,
      direction: fc.constantFrom('forwards' as const, 'backwards' as const),
      limit: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('readAll' as const), filter, limit: fc.integer({ min: 1, max: 9 }) }),
  },
);

type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

const drifted = (expected: ExpectedRevision, by: number): ExpectedRevision => {
  const at = (expected === 'no_stream' ? -1n : expected) + BigInt(by);
  return at < 0n ? 'no_stream' : at;
};
const codeOf = (error: unknown): string => {
  if (error instanceof EventStoreError) return error.code;
  throw error;
};
const made = (specs: readonly { type: string; data: string }[]): EventData[] =>
  specs.map(({ type, data }) => event(type, JSON.parse(data)));

export function describeProperties(store: () => EventStore): void {
  describe('for every history', () => {
    it('answers as the model does, whatever was appended, repeated, deleted and read before', async () => {
      const run = async (commands: readonly Command[]): Promise<void> => {
        const prefix = ownPrefix();
        const start = await store().head();
        const model = new LogModel();
        const appends: [string, ExpectedRevision, EventData[]][] = [];
        const inPrefix = (one: { streamPrefixes?: string[]; types?: string[] }) => ({
          ...one,
          streamPrefixes: (one.streamPrefixes ?? ['']).map((name) => prefix + name),
        });
        const append = async (...[name, expected, list]: [string, ExpectedRevision, EventData[]]): Promise<void> => {
          const answer = await store()
            .append(name, expected, list)
            .then(({ revision }) => revision, codeOf);
          expect(answer).toEqual(model.append(name, expected, list));
        };
        for (const one of commands) {
          const name = 'stream' in one ? prefix + one.stream : prefix;
          if (one.kind === 'append') {
            appends.push([name, drifted(model.revision(name), one.drift), made(one.batch)]);
            await append(...appends.at(-1)!);
          } else if (one.kind === 'repeat') {
            if (appends.length > 0) await append(...appends[one.index % appends.length]!);
          } else if (one.kind === 'delete') {
            const expected = one.drift === null ? undefined : drifted(model.revision(name), one.drift);
            const answer = await store()
              .deleteStream(name, expected)
              .then(() => 'deleted', codeOf);
            expect(answer).toBe(model.delete(name, expected));
          } else if (one.kind === 'read') {
            const found = await wholeStream(store(), name, one.direction, one.limit).catch(codeOf);
            const expected = model.stream(name);
            if (typeof found === 'string' || typeof expected === 'string') expect(found).toBe(expected);
            else {
              const forwards = one.direction === 'forwards' ? found : found.toReversed();
              expect(forwards.map(content)).toEqual(expected.map(content));
              expect(forwards.map(({ revision }) => revision)).toEqual(expected.map((_, index) => BigInt(index)));
            }
          } else {
            const found = await wholeLog(store(), start, inPrefix(one.filter), one.limit);
            expect(ids(found)).toEqual(ids(model.all(inPrefix(one.filter))));
            expect(isStrictlyGrowing(found)).toBe(true);
          }
        }
        const whole = await wholeLog(store(), start, { streamPrefixes: [prefix] });
        expect(whole.map(content)).toEqual(model.all().map(content));
      };
      await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), run), { numRuns: 40 });
    });

    it('shows positions that only grow, in commit order, while concurrent writers run', async () => {
      const writers = fc.array(fc.array(fc.record({ stream, batch }), { minLength: 1, maxLength: 6 }), {
        minLength: 2,
        maxLength: 6,
      });
      const run = async (plans: readonly { stream: string; batch: { type: string; data: string }[] }[][]) => {
        const prefix = ownPrefix();
        const start = await store().head();
        const acknowledged = new Map<string, bigint>();
        const answers: bigint[] = [];
        const write = async (plan: (typeof plans)[number]): Promise<void> => {
          for (const { stream: name, batch: specs } of plan) {
            const list = made(specs);
            for (;;) {
              const { lastRevision } = await store().readStream(prefix + name, { limit: 1 });
              const answer = await store()
                .append(prefix + name, lastRevision ?? 'no_stream', list)
                .catch(codeOf);
              if (answer === 'wrong_expected_revision') continue;
              if (typeof answer === 'string') throw new Error(answer);
              answers.push(answer.position);
              acknowledged.set(list.at(-1)!.id, answer.position);
              break;
            }
          }
        };
        let isWriting = true;
        const watch = async (): Promise<RecordedEvent[]> => {
          const seen: RecordedEvent[] = [];
          let after = start;
          for (let isLast = false; !isLast; ) {
            isLast = !isWriting;
            seen.push(...(await wholeLog(store(), after, undefined, 3)));
            after = seen.at(-1)?.position ?? after;
          }
          return seen;
        };
        const watching = Promise.all([watch(), watch()]);
        await Promise.all(plans.map(write)).finally(() => {
          isWriting = false;
        });
        const truth = await wholeLog(store(), start);
        for (const seen of await watching) expect(ids(seen)).toEqual(ids(truth));
        expect(isStrictlyGrowing(truth)).toBe(true);
        const positions = new Map(truth.map(({ id, position }) => [id, position]));
        for (const [id, position] of acknowledged) expect(positions.get(id)).toBe(position);
        expect(new Set(answers).size).toBe(answers.length);
      };
      await fc.assert(fc.asyncProperty(writers, run), { numRuns: 15 });
    });

    it('gives each subscriber what it asked for, once and in order, wherever it starts and however slow it is', async () => {
      const subscriber = fc.record({
        start: fc.nat({ max: 11 }),
        filter,
        batchSize: fc.integer({ min: 1, max: 6 }),
        pause: fc.constantFrom(0, 0, 1, 2),
      });
      const history = fc.array(fc.record({ stream, batch }), { minLength: 1, maxLength: 12 });
      const run = async (
        appends: readonly { stream: string; batch: { type: string; data: string }[] }[],
        subscribers: readonly (typeof subscriber extends fc.Arbitrary<infer Value> ? Value : never)[],
      ): Promise<void> => {
        const prefix = ownPrefix();
        const model = new LogModel();
        const starts = [await store().head()];
        const following: Promise<void>[] = [];
        let last: bigint | undefined;
        const end = `${prefix}${STREAMS[0]}-end`;
        for (const [at, { stream: name, batch: specs }] of appends.entries()) {
          for (const one of subscribers) {
            if (one.start % appends.length !== at) continue;
            const wanted = {
              ...one.filter,
              streamPrefixes: (one.filter.streamPrefixes ?? ['']).map((part) => prefix + part),
            };
            const [after, skipped] = [starts[at]!, model.all(wanted).length];
            // The last append goes to a stream of its own, so that a filter which does not match it ends as well.
            const follow = messagesUntil(
              store(),
              { after, filter: wanted, batchSize: one.batchSize },
              (message) => last !== undefined && message.kind === 'caught_up' && message.position >= last,
              () => sleep(one.pause),
            ).then(({ delivered }) => {
              expect(ids(delivered)).toEqual(ids(model.all(wanted).slice(skipped)));
              expect(isStrictlyGrowing(delivered)).toBe(true);
            });
            following.push(follow);
          }
          const list = made(specs);
          model.append(prefix + name, model.revision(prefix + name), list);
          const revision = model.revision(prefix + name) as bigint;
          const before = revision - BigInt(list.length);
          const { position } = await store().append(prefix + name, before < 0n ? 'no_stream' : before, list);
          starts.push(position);
        }
        const closing = [event('closed')];
        model.append(end, 'no_stream', closing);
        last = (await store().append(end, 'no_stream', closing)).position;
        await Promise.all(following);
      };
      await fc.assert(fc.asyncProperty(history, fc.array(subscriber, { minLength: 1, maxLength: 4 }), run), {
        numRuns: 15,
      });
    });
  });
}
