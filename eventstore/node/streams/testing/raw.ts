import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type {
  AppendReq,
  AppendResp,
  DeleteResp,
  ReadReq,
  ReadResp,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import type { Expected } from '../../log/node-log.js';

/** Calls of the bare service, where the official client hides what the server says. */

export const identifier = (stream: string) => new shared.StreamIdentifier().setStreamName(Buffer.from(stream));

const { Options } = streams.ReadReq;

export interface Failed {
  readonly code: number;
  readonly details: string;
  readonly trailers: Readonly<Record<string, unknown>>;
}

const HTTP_TRAILERS = ['content-type', 'date', 'content-length'];

export function failed(error: ServiceError): Failed {
  const trailers = Object.entries(error.metadata.getMap()).filter(([key]) => !HTTP_TRAILERS.includes(key));
  return { code: error.code, details: error.details, trailers: Object.fromEntries(trailers) };
}

export type Place = bigint | 'start' | 'end';

export function streamRead(stream: string, from: Place = 'start', count = 1_000): ReadReq.Options {
  const where = new Options.StreamOptions().setStreamIdentifier(identifier(stream));
  if (from === 'start') where.setStart(new shared.Empty());
  else if (from === 'end') where.setEnd(new shared.Empty());
  else where.setRevision(`${from}`);
  return finite(new Options().setStream(where), count);
}

export function allRead(from: Place | { commit: bigint; prepare: bigint } = 'start', count = 1_000): ReadReq.Options {
  const where = new Options.AllOptions();
  if (from === 'start') where.setStart(new shared.Empty());
  else if (from === 'end') where.setEnd(new shared.Empty());
  else {
    const { commit, prepare } = typeof from === 'bigint' ? { commit: from, prepare: from } : from;
    where.setPosition(new Options.Position().setCommitPosition(`${commit}`).setPreparePosition(`${prepare}`));
  }
  return finite(new Options().setAll(where), count);
}

const finite = (options: ReadReq.Options, count: number): ReadReq.Options =>
  options
    .setCount(`${count}`)
    .setNoFilter(new shared.Empty())
    .setUuidOption(new Options.UUIDOption().setString(new shared.Empty()));

export const backwards = (options: ReadReq.Options): ReadReq.Options =>
  options.setReadDirection(Options.ReadDirection.BACKWARDS);

export const subscription = (options: ReadReq.Options): ReadReq.Options => {
  options.clearCount();
  return options.setSubscription(new Options.SubscriptionOptions());
};

export interface Filter {
  readonly on: 'stream' | 'type';
  readonly prefixes?: readonly string[];
  readonly regex?: string;
  readonly max?: number;
  readonly multiplier?: number;
}

export function filtered(options: ReadReq.Options, { on, prefixes = [], regex, max, multiplier = 1 }: Filter) {
  const expression = new Options.FilterOptions.Expression().setPrefixList([...prefixes]);
  if (regex !== undefined) expression.setRegex(regex);
  const filter = new Options.FilterOptions().setCheckpointintervalmultiplier(multiplier);
  if (on === 'type') filter.setEventType(expression);
  else filter.setStreamIdentifier(expression);
  if (max === undefined) filter.setCount(new shared.Empty());
  else filter.setMax(max);
  options.clearNoFilter();
  return options.setFilter(filter);
}

export interface ReadOutcome {
  readonly messages: readonly ReadResp[];
  readonly events: readonly ReadResp.ReadEvent[];
  readonly error: Failed | undefined;
}

/** A read to its end, or of a subscription until `isEnough`. */
export function read(
  raw: StreamsClient,
  options: ReadReq.Options,
  isEnough: (messages: readonly ReadResp[]) => boolean = () => false,
): Promise<ReadOutcome> {
  const messages: ReadResp[] = [];
  const outcome = (error?: ServiceError): ReadOutcome => ({
    messages,
    events: messages.flatMap((message) => message.getEvent() ?? []),
    error: error && failed(error),
  });
  return new Promise((resolve) => {
    const call = raw.read(new streams.ReadReq().setOptions(options));
    call.on('data', (message: ReadResp) => {
      messages.push(message);
      if (!isEnough(messages)) return;
      resolve(outcome());
      call.cancel();
    });
    call.on('end', () => resolve(outcome()));
    call.on('error', (error: ServiceError) => resolve(outcome(error)));
  });
}

export const { ContentCase } = streams.ReadResp;
export const kinds = ({ messages }: ReadOutcome): number[] => messages.map((message) => message.getContentCase());
export const revisions = ({ events }: ReadOutcome): bigint[] =>
  events.map((event) => BigInt(event.getEvent()?.getStreamRevision() ?? -1));

export interface Proposed {
  readonly id?: string;
  readonly type?: string | undefined;
  readonly contentType?: string | undefined;
  readonly data?: string | Uint8Array;
  readonly metadata?: string;
  readonly more?: Readonly<Record<string, string>>;
}

const bytes = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value) : value);

/** Fields that are `undefined` by name are left out. */
export function proposed<Message extends AppendReq.ProposedMessage>(message: Message, event: Proposed): Message {
  message.setId(new shared.UUID().setString(event.id ?? randomUUID()));
  const type = 'type' in event ? event.type : 'thing';
  const contentType = 'contentType' in event ? event.contentType : 'application/json';
  const map = message.getMetadataMap();
  if (type !== undefined) map.set('type', type);
  if (contentType !== undefined) map.set('content-type', contentType);
  for (const [key, value] of Object.entries(event.more ?? {})) map.set(key, value);
  message.setData(bytes(event.data ?? '{}'));
  message.setCustomMetadata(bytes(event.metadata ?? ''));
  return message;
}

interface Expecting {
  setRevision(value: string): unknown;
  setNoStream(value: typeof shared.Empty.prototype): unknown;
  setAny(value: typeof shared.Empty.prototype): unknown;
  setStreamExists(value: typeof shared.Empty.prototype): unknown;
}

export function expecting<Options extends Expecting>(options: Options, expected: Expected): Options {
  if (expected === 'any') options.setAny(new shared.Empty());
  else if (expected === 'no_stream') options.setNoStream(new shared.Empty());
  else if (expected === 'stream_exists') options.setStreamExists(new shared.Empty());
  else options.setRevision(`${expected}`);
  return options;
}

export const appendOptions = (stream: string, expected: Expected | undefined): AppendReq.Options => {
  const options = new streams.AppendReq.Options().setStreamIdentifier(identifier(stream));
  return expected === undefined ? options : expecting(options, expected);
};

/** The classic append. */
export function append(
  raw: StreamsClient,
  stream: string,
  expected: Expected | undefined,
  events: readonly Proposed[],
): Promise<AppendResp> {
  return new Promise((resolve, reject) => {
    const call = raw.append((error, response) => (error ? reject(error) : resolve(response)));
    call.write(new streams.AppendReq().setOptions(appendOptions(stream, expected)));
    for (const event of events)
      call.write(new streams.AppendReq().setProposedMessage(proposed(new streams.AppendReq.ProposedMessage(), event)));
    call.end();
  });
}

export function remove(raw: StreamsClient, how: 'delete' | 'tombstone', stream: string, expected: Expected) {
  const request = how === 'delete' ? new streams.DeleteReq() : new streams.TombstoneReq();
  const { Options } = how === 'delete' ? streams.DeleteReq : streams.TombstoneReq;
  const options = expecting(new Options().setStreamIdentifier(identifier(stream)), expected);
  request.setOptions(options);
  return new Promise<bigint>((resolve, reject) => {
    const done = (error: ServiceError | null, response: DeleteResp | TombstoneResp): void =>
      error ? reject(error) : resolve(BigInt(response.getPosition()?.getCommitPosition() ?? -1));
    if (request instanceof streams.DeleteReq) raw.delete(request, done);
    else raw.tombstone(request, done);
  });
}

/** How a call failed; it is a mistake when it did not. */
export const failureOf = (call: Promise<unknown>): Promise<Failed> =>
  call.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: ServiceError) => failed(error),
  );
