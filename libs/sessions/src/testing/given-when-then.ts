import { expect } from '@jest/globals';
import type { Decided, Fact } from '#event-sourcing';
import { decidedEventId, type ErrorCode, isoTime, VerbatimError } from '#platform';
import { sessionAggregate } from '../session.aggregate.js';
import type { SessionEvent } from '../session.events.js';
import { type SessionDecision, settle } from '../session.outcome.js';
import type { SessionState } from '../session.state.js';

type SessionFact = Fact<SessionEvent>;
type Decide<Result> = (state: SessionState) => SessionDecision<Result>;

const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/**
 * One session, told as given / when / then. Each step goes the way of production: decide, append, evolve. At each step every
 * new event goes through JSON and back, and the session folded anew from what came back must be the one that was kept.
 */
export class Story {
  private constructor(
    readonly state: SessionState,
    readonly facts: readonly SessionFact[],
  ) {}

  static readonly unwritten = new Story(sessionAggregate.initialState, []);

  /** What stands in the stream, without the envelope. */
  get events(): readonly { readonly type: string; readonly data: object }[] {
    return this.facts.map(({ type, data }) => ({ type, data }));
  }

  get types(): readonly string[] {
    return this.facts.map(({ type }) => type);
  }

  /** Given: the command was carried out, a refusal beside a cascade included. */
  after<Result>(decide: Decide<Result>, at?: number): Story {
    return this.append(decide(this.state).events, at);
  }

  /** The command appends exactly these events; answers the story after them. */
  appends<Result>(decide: Decide<Result>, expected: readonly object[], result?: Result): Story {
    const { events, answer } = decide(this.state);
    const told = settle(answer);
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual(expected);
    if (result !== undefined) expect(told).toEqual(result);
    return this.append(events);
  }

  /** The command is carried out and changes nothing. */
  leavesAlone<Result>(decide: Decide<Result>, result?: Result): Story {
    return this.appends(decide, [], result);
  }

  /** The command is refused and appends nothing. */
  refuses<Result>(decide: Decide<Result>, code: ErrorCode, details?: object): Story {
    const refusal = caught(() => decide(this.state));
    expectRefusal(refusal, code, details);
    return this;
  }

  /** What is overdue is appended, exactly these events, and the command itself is refused. */
  refusesAfter<Result>(cascade: readonly object[], decide: Decide<Result>, code: ErrorCode, details?: object): Story {
    const { events, answer } = decide(this.state);
    expectRefusal(
      caught(() => settle(answer)),
      code,
      details,
    );
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual(cascade);
    return this.append(events);
  }

  private append(events: readonly Decided<SessionEvent>[], at?: number): Story {
    const before = this.facts.length;
    const written = events.map((event, index) => throughJson(envelope(event, before + index, at)));
    expect(written.map(({ type, data }) => ({ type, data }))).toEqual(events.map(({ type, data }) => ({ type, data })));
    const state = written.reduce<SessionState>((so, fact) => sessionAggregate.evolve(so, fact), this.state);
    const facts = [...this.facts, ...written];
    expect(throughJson(fold(facts))).toEqual(throughJson(state));
    return new Story(state, facts);
  }
}

export const fold = (facts: readonly SessionFact[]): SessionState =>
  facts.reduce<SessionState>((state, fact) => sessionAggregate.evolve(state, fact), sessionAggregate.initialState);

const envelope = (event: Decided<SessionEvent>, revision: number, at = 0): SessionFact =>
  ({
    ...event,
    id: event.id ?? decidedEventId('story', 'session-org.s', revision),
    stream: 'session-org.s',
    revision,
    position: revision as unknown as bigint, // JSON knows no bigint, and no fold looks at it
    metadata: {
      v: 1,
      recordedAt: isoTime(at),
      commandId: 'story',
      correlationId: 'story',
      causationId: null,
      actor: { kind: 'system', id: 'story', via: 'system' },
    },
  }) as SessionFact;

const caught = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

const expectRefusal = (refusal: unknown, code: ErrorCode, details: object | undefined): void => {
  expect(refusal).toBeInstanceOf(VerbatimError);
  const { code: found, message, details: facts } = refusal as VerbatimError;
  expect({ code: found, details: facts ?? {} }).toEqual({ code, details: details ?? expect.anything() });
  expect(message).not.toBe('');
};
