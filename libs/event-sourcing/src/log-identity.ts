import { type EventStore, isEventStoreError } from '#event-store';
import { type Clock, type Ids, isoTime } from '#platform';
import { defineEvent, EventCatalogue, type EventDefinition } from './catalogue.js';
import type { FactCodec } from './codec.js';
import type { FactMetadata } from './facts.js';

const STREAM = 'log-identity';

export interface LogIdentified {
  readonly logId: string;
}

const logIdentified = defineEvent<LogIdentified>()({
  type: 'log_identified',
  version: 1,
  layer: 'record',
  meaning: 'The log got its id, which every cursor handed out carries; the newest one counts.',
  structure: { logId: 'id' },
});

export const logEvents: readonly EventDefinition[] = [logIdentified];

interface Parts {
  readonly log: EventStore;
  readonly codec: FactCodec;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** The log's own id, given at its first start. Two first starts at once agree on one. */
export const obtainLogId = async (parts: Parts): Promise<string> => {
  const known = await newest(parts);
  if (known !== undefined) return known;
  try {
    await identify(parts);
  } catch (error) {
    if (!isEventStoreError(error, 'wrong_expected_revision', 'unknown_outcome')) throw error;
  }
  const made = await newest(parts);
  if (made === undefined) throw new Error(`The log has no id in ${STREAM}, and giving it one had an unknown outcome.`);
  return made;
};

const newest = async ({ log, codec }: Parts): Promise<string | undefined> => {
  const { events } = await log.readStream(STREAM, { direction: 'backwards', limit: 1 });
  if (!events[0]) return undefined;
  return ((await codec.decode(events[0])).data as LogIdentified).logId;
};

const identify = async ({ log, codec, ids, clock }: Parts): Promise<void> => {
  const id = ids.next();
  const metadata: FactMetadata = {
    v: logIdentified.version,
    recordedAt: isoTime(clock.now()),
    commandId: id,
    correlationId: id,
    causationId: null,
    actor: { kind: 'system', id: 'first-start', via: 'system' },
  };
  const data: LogIdentified = { logId: ids.next() };
  const event = { id, type: logIdentified.type, data };
  await log.append(
    STREAM,
    'no_stream',
    await codec.encode(new EventCatalogue(logEvents), STREAM, [event], () => metadata),
  );
};
