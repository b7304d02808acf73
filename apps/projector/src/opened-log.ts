import type { Fact, FactCodec, FactMetadata } from '#event-sourcing';
import type { EventStore, RecordedEvent } from '#event-store';
import { isVerbatimError } from '#platform';
import { sqliteFault } from '#platform/sqlite/index.js';
import type { Incoming } from '#read-store/runner/index.js';
import { withBackoff } from './backoff.js';

export interface OpenedBatch {
  readonly incoming: readonly Incoming<Fact>[];
  /** How far the log was looked through. */
  readonly upTo: bigint;
  readonly caughtUp: boolean;
}

/** Events of one commit: large enough to make a transaction cheap, small enough to keep the process answering. */
const BATCH = 1_000;

export interface OpenedLogOptions {
  readonly log: EventStore;
  readonly codec: Pick<FactCodec, 'decodeAll'>;
  readonly after: bigint;
  /** Only events of these types are opened and handed on. */
  readonly types: ReadonlySet<string>;
  /** Of them, those of which what stands open is enough. */
  readonly unopened?: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly trouble: (error: Error) => void;
}

/**
 * The whole log after a position, what is wanted of it opened. Read unfiltered, so that the position moves whatever is in
 * it; what cannot be opened is handed on as such, never left out.
 */
export async function* openedLog(options: OpenedLogOptions): AsyncGenerator<OpenedBatch> {
  const { log, codec, after, types, unopened, signal, trouble } = options;
  for await (const message of log.subscribe({ after, batchSize: BATCH, signal })) {
    if (message.kind === 'events') {
      const wanted = message.events.filter(({ type }) => types.has(type));
      const incoming = wanted.length ? await withBackoff(signal, () => open(codec, wanted, unopened), trouble) : [];
      yield { incoming, upTo: message.events.at(-1)!.position, caughtUp: false };
    } else {
      yield { incoming: [], upTo: message.position, caughtUp: message.kind === 'caught_up' };
    }
  }
}

const open = async (
  codec: Pick<FactCodec, 'decodeAll'>,
  events: readonly RecordedEvent[],
  unopened: ReadonlySet<string> | undefined,
): Promise<readonly Incoming<Fact>[]> => {
  try {
    return (await codec.decodeAll(events, unopened)).map((event) => ({ event }));
  } catch (error) {
    if (isPassing(error)) throw error;
    if (events.length > 1) return (await Promise.all(events.map((event) => open(codec, [event], unopened)))).flat();
    return [{ event: bare(events[0]!), unreadable: (error as Error).message }];
  }
};

/** The store of the keys is away or full: the event itself is not to blame. */
const isPassing = (error: unknown): boolean =>
  isVerbatimError(error, 'storage_unavailable', 'busy') ||
  (error as Error).name === 'WorkerGoneError' ||
  sqliteFault(error) !== undefined;

/** Enough to say which documents an event would have touched, where their ids follow from its stream. */
const bare = (event: RecordedEvent): Fact => ({
  id: event.id,
  type: event.type,
  stream: event.stream,
  revision: Number(event.revision),
  position: event.position,
  data: {},
  metadata: {} as FactMetadata,
  erased: true,
});
