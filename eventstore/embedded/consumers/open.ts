import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '#platform';
import { EventStoreError } from '../../port/index.js';
import type { EmbeddedEventStore } from '../embedded-event-store.js';
import { EmbeddedConsumerGroups } from './embedded-consumer-groups.js';
import { GroupsDatabase } from './groups-database.js';
import { StoredEvents } from './stored-events.js';

const FILE = 'consumers.db';

export interface ConsumerGroupsOptions {
  /** Where the log is; undefined: the groups are kept in memory, beside a log in memory. */
  readonly directory: string | undefined;
  /** Open, and closed after the groups. Its lock keeps a second process away from the groups' file as well. */
  readonly log: EmbeddedEventStore;
  readonly clock: Clock;
  /** Told of trouble that is ridden out inside. */
  readonly report?: (error: unknown) => void;
}

/** @throws EventStoreError corrupt | unavailable */
export async function openEmbeddedConsumerGroups({
  directory,
  log,
  clock,
  report = () => {},
}: ConsumerGroupsOptions): Promise<EmbeddedConsumerGroups> {
  if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = await GroupsDatabase.open(directory === undefined ? ':memory:' : join(resolve(directory), FILE), report);
  try {
    const stored = await file.ask('groups');
    const head = Number(await log.head());
    const ahead = stored.find(({ state }) => state.frontier > head);
    if (ahead)
      throw new EventStoreError(
        'corrupt',
        `The consumer group "${ahead.name}" has come to position ${ahead.state.frontier}, but the log ends at ${head}: ` +
          `${FILE} belongs to another log. Restore both from one backup, or remove ${FILE}: its groups then begin anew.`,
        { group: ahead.name, position: ahead.state.frontier, head },
      );
    let groups: EmbeddedConsumerGroups | undefined;
    const release = log.engine.onStreamDeleted((stream) => groups?.forget(stream));
    groups = new EmbeddedConsumerGroups({ events: new StoredEvents(log), file, clock, report, release }, stored);
    return groups;
  } catch (error) {
    await file.close();
    throw error;
  }
}
