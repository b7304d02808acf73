import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import { status } from '@grpc/grpc-js';
import { aborted } from '../common/abort.js';
import { type AppendResult, EventStoreError } from '../port/index.js';
import type { AppendCall, Connection } from './connection.js';
import { failed, streamDeleted, unavailable, wrongRevision } from './refusals.js';
import { type AppendRequest, encodeAppend } from './wire/append-request.js';
import type { AppendAnswer } from './wire/append-response.js';

/**
 * What is known of one try: it stands; it was refused; it was certainly not written, so it may be tried again; or nobody
 * can say, so only the same ids may be tried again.
 */
export type Tried =
  | { readonly outcome: 'stands'; readonly result: AppendResult }
  | { readonly outcome: 'refused'; readonly error: EventStoreError }
  | { readonly outcome: 'not_written'; readonly why: string }
  | { readonly outcome: 'unknown'; readonly why: string };

interface Waiting {
  readonly stream: string;
  readonly expected: string;
  readonly settle: (tried: Tried) => void;
}

/** Far off: our own timer decides, and a server whose clock is ahead would answer "too late" to everything otherwise. */
const SERVER_DEADLINE_MS = 3_600_000;

/** One BatchAppend call. Answers come in any order; what comes twice or late is about nobody any more, and is dropped. */
class OpenLine {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly call: AppendCall,
    private readonly ended: () => void,
  ) {
    call.on('data', (answer: AppendAnswer) => this.take(answer));
    call.on('error', (error) => this.end(lost(error)));
    call.on('end', () => this.end({ outcome: 'unknown', why: 'the server ended the call' }));
  }

  /** Each try anew, of the same ids and bytes. */
  send(request: AppendRequest, waiting: Waiting): () => void {
    const correlation = randomUUID();
    this.waiting.set(correlation, waiting);
    this.call.write(encodeAppend(correlation, request, Date.now() + SERVER_DEADLINE_MS));
    return () => void this.waiting.delete(correlation);
  }

  cancel(): void {
    this.call.cancel();
  }

  private take(answer: AppendAnswer): void {
    const waiting = this.waiting.get(answer.correlation);
    this.waiting.delete(answer.correlation);
    waiting?.settle(understood(answer, waiting));
  }

  private end(how: Tried): void {
    this.ended();
    const left = [...this.waiting.values()];
    this.waiting.clear();
    for (const { settle } of left) settle(how);
  }
}

/** The one long call all appends of this process go through, opened again when it is lost. */
export class AppendLine {
  private opening: Promise<OpenLine> | undefined;

  constructor(private readonly connection: Connection) {}

  /** Rejects only when the signal aborts. */
  async attempt(request: AppendRequest, patienceMs: number, signal?: AbortSignal): Promise<Tried> {
    const { stream, expected } = request;
    const opening = this.line();
    return new Promise<Tried>((resolve, reject) => {
      let withdraw: (() => void) | undefined;
      let isOver = false;
      const over = (): void => {
        isOver = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        withdraw?.();
      };
      const settle = (tried: Tried): void => {
        over();
        resolve(tried);
      };
      const abort = (): void => {
        over();
        reject(aborted(signal!));
      };
      const timer = setTimeout(() => {
        const why = `no answer within ${patienceMs} ms`;
        settle(withdraw ? { outcome: 'unknown', why } : { outcome: 'not_written', why });
        this.replace(opening);
      }, patienceMs);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      opening.then(
        (line) => {
          if (!isOver) withdraw = line.send(request, { stream, expected: String(expected), settle });
        },
        (error: unknown) => {
          if (!isOver) settle({ outcome: 'not_written', why: failed(error).details });
        },
      );
    });
  }

  /** Nothing comes back on it, so whatever else waits there is better asked again on a new connection too. */
  private replace(silent: Promise<OpenLine>): void {
    if (this.opening === silent) this.opening = undefined;
    silent.then((line) => line.cancel()).catch(() => undefined);
    this.connection.renew().catch(() => undefined);
  }

  private line(): Promise<OpenLine> {
    this.opening ??= this.open();
    return this.opening;
  }

  private open(): Promise<OpenLine> {
    const opening: Promise<OpenLine> = this.connection.batchAppend().then(
      (call) =>
        new OpenLine(call, () => {
          if (this.opening === opening) this.opening = undefined;
        }),
    );
    opening.catch(() => {
      if (this.opening === opening) this.opening = undefined;
    });
    return opening;
  }
}

/** "No connection established": the request never left this process. After anything else it may have. */
const lost = (error: unknown): Tried => {
  const { code, details } = failed(error);
  const isUnsent = code === status.UNAVAILABLE && details.startsWith('No connection established');
  // A follower refuses the whole call, and the client goes to the leader it is told of.
  const isElsewhere = failed(error).exception === 'not-leader';
  return { outcome: isUnsent || isElsewhere ? 'not_written' : 'unknown', why: details };
};

const understood = ({ success, error }: AppendAnswer, { stream, expected }: Waiting): Tried => {
  if (success) {
    const { revision, position } = success;
    if (position === undefined) return { outcome: 'unknown', why: 'the answer names no position' };
    return { outcome: 'stands', result: { revision, position } };
  }
  return error ? refused(error, stream, expected) : { outcome: 'unknown', why: 'the answer says nothing' };
};

const refused = (error: Status, stream: string, expected: string): Tried => {
  const details = error.getDetails();
  const type = details?.getTypeName() ?? '';
  const because = error.getMessage() || type;
  switch (type) {
    case 'event_store.client.WrongExpectedVersion': {
      const versions = details?.unpack(shared.WrongExpectedVersion.deserializeBinary, type);
      const actual = versions?.hasCurrentStreamRevision() ? versions.getCurrentStreamRevision() : 'no_stream';
      return { outcome: 'refused', error: wrongRevision(stream, expected, actual) };
    }
    case 'event_store.client.StreamDeleted':
      return { outcome: 'refused', error: streamDeleted(stream) };
    case 'event_store.client.MaximumAppendSizeExceeded':
      return {
        outcome: 'refused',
        error: new EventStoreError('append_too_large', `The server takes no append this large to "${stream}".`, {
          stream,
        }),
      };
    case 'event_store.client.BadRequest':
      return {
        outcome: 'refused',
        error: new EventStoreError('invalid_argument', `The server refused an append to "${stream}": ${because}.`, {
          stream,
        }),
      };
    case 'event_store.client.AccessDenied':
      return {
        outcome: 'refused',
        error: unavailable(`an append to "${stream}"`, 'the user in its URL has no right to write'),
      };
    case 'event_store.client.Timeout':
      return { outcome: 'unknown', why: because };
    case 'google.protobuf.Empty':
      // Its code is 0, as if all were well: the node is starting, or elects.
      return { outcome: 'not_written', why: because };
    default:
      return { outcome: 'unknown', why: because };
  }
};
