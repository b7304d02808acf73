import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision, ReadStreamOptions } from '../port/index.js';
import { identifierOf } from './records.js';

const { Empty } = shared;
const { Options } = streams.ReadReq;
const [FORWARDS, BACKWARDS] = [0, 1] as const;

/** By prefixes alone: a regular expression would be .NET's there and ours here. What it lets through too much is sorted out here. */
export interface WireFilter {
  readonly on: 'stream' | 'type';
  readonly prefixes: readonly string[];
}

const options = (): InstanceType<typeof Options> => {
  const made = new Options();
  const uuids = new Options.UUIDOption();
  uuids.setString(new Empty());
  made.setUuidOption(uuids);
  made.setResolveLinks(false);
  made.setNoFilter(new Empty());
  return made;
};

const request = (made: InstanceType<typeof Options>): ReadReq => {
  const asked = new streams.ReadReq();
  asked.setOptions(made);
  return asked;
};

export function streamRead(
  stream: string,
  {
    direction,
    from,
    limit,
    resolveLinks = false,
  }: {
    readonly direction: NonNullable<ReadStreamOptions['direction']>;
    readonly from: bigint | 'start' | 'end';
    readonly limit: number;
    readonly resolveLinks?: boolean;
  },
): ReadReq {
  const made = options();
  const of = new Options.StreamOptions();
  of.setStreamIdentifier(identifierOf(stream));
  if (from === 'start') of.setStart(new Empty());
  else if (from === 'end') of.setEnd(new Empty());
  else of.setRevision(from.toString());
  made.setStream(of);
  made.setReadDirection(direction === 'forwards' ? FORWARDS : BACKWARDS);
  made.setCount(String(limit));
  made.setResolveLinks(resolveLinks);
  // From this on the server says which revision the stream is at.
  const control = new Options.ControlOption();
  control.setCompatibility(1);
  made.setControlOption(control);
  return request(made);
}

const place = (at: bigint | 'start' | 'end'): InstanceType<typeof Options.AllOptions> => {
  const all = new Options.AllOptions();
  if (at === 'start' || at === 0n) all.setStart(new Empty());
  else if (at === 'end') all.setEnd(new Empty());
  else {
    const position = new Options.Position();
    position.setCommitPosition(at.toString());
    position.setPreparePosition(at.toString());
    all.setPosition(position);
  }
  return all;
};

const setFilter = (made: InstanceType<typeof Options>, { on, prefixes }: WireFilter): void => {
  const expression = new Options.FilterOptions.Expression();
  expression.setPrefixList([...prefixes]);
  const filter = new Options.FilterOptions();
  if (on === 'stream') filter.setStreamIdentifier(expression);
  else filter.setEventType(expression);
  filter.setMax(SEARCH_WINDOW);
  filter.setCheckpointintervalmultiplier(1);
  made.setFilter(filter);
};

const SEARCH_WINDOW = 512;

/** Forwards the place itself is among what is read, backwards it is not. */
export function allRead(
  direction: 'forwards' | 'backwards',
  from: bigint | 'start' | 'end',
  limit: number,
  filter?: WireFilter,
): ReadReq {
  const made = options();
  made.setAll(place(from));
  made.setReadDirection(direction === 'forwards' ? FORWARDS : BACKWARDS);
  made.setCount(String(limit));
  if (filter) setFilter(made, filter);
  return request(made);
}

/** Here the place itself is not among what comes. */
export function allSubscription(after: bigint): ReadReq {
  const made = options();
  made.setAll(place(after));
  made.setReadDirection(FORWARDS);
  made.setSubscription(new Options.SubscriptionOptions());
  return request(made);
}

export function tombstone(stream: string, expected: ExpectedRevision | undefined): TombstoneReq {
  const made = new streams.TombstoneReq.Options();
  made.setStreamIdentifier(identifierOf(stream));
  if (expected === undefined) made.setAny(new Empty());
  else if (expected === 'no_stream') made.setNoStream(new Empty());
  else made.setRevision(expected.toString());
  const asked = new streams.TombstoneReq();
  asked.setOptions(made);
  return asked;
}
