import {
  ErrorType,
  eventTypeFilter,
  isCommandError,
  type PersistentSubscriptionToAllInfo,
  type PersistentSubscriptionToAllSettings,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import type { WholeSettings } from '../../common/group-arguments.js';
import type { Connection } from '../connection.js';
import { readRefusal } from '../refusals.js';

/**
 * Beyond the time a consumer has to answer, the server leaves a message with it for as long as a pause before a retry may
 * last: the pause is held by the consumer. That of a process that hangs is told by its connection.
 */
export const LONGEST_PAUSE_MS = 3_600_000;
const CHECKPOINT_AFTER_MS = 500;

/** The settings a group is to have on the server. */
const settingsFor = (
  { ackTimeoutMs, maxRetries }: WholeSettings,
  startFrom: PersistentSubscriptionToAllSettings['startFrom'],
): PersistentSubscriptionToAllSettings =>
  persistentSubscriptionToAllSettingsFromDefaults({
    startFrom,
    messageTimeout: Math.min(ackTimeoutMs + LONGEST_PAUSE_MS, 2 ** 31 - 1),
    // One more than ours: the consumer parks by itself, with the reason the server would not keep.
    maxRetryCount: maxRetries + 1,
    checkPointAfter: CHECKPOINT_AFTER_MS,
    checkPointLowerBound: 1,
    checkPointUpperBound: 1_000,
    readBatchSize: 100,
    historyBufferSize: 2_000,
    liveBufferSize: 2_000,
  });

const is = (error: unknown, type: ErrorType): boolean =>
  error instanceof Error && isCommandError(error) && error.type === type;

/** Names of all persistent subscriptions to `$all`. */
export async function listServerGroups(connection: Connection): Promise<string[]> {
  const doing = 'a look at all groups';
  try {
    const found = await connection.ask(doing, (client) => client.listPersistentSubscriptionsToAll());
    return found.map(({ groupName }) => groupName);
  } catch (error) {
    // What the server says when there are none.
    if (is(error, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST)) return [];
    throw readRefusal(doing, error);
  }
}

/** A persistent subscription to `$all`, as far as the server is asked about it and told about it. */
export class ServerGroup {
  constructor(
    private readonly connection: Connection,
    readonly name: string,
  ) {}

  /** Undefined when there is none. */
  async info(): Promise<PersistentSubscriptionToAllInfo | undefined> {
    try {
      return await this.connection.ask(this.doing('a look at'), (client) =>
        client.getPersistentSubscriptionToAllInfo(this.name),
      );
    } catch (error) {
      if (is(error, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST)) return undefined;
      throw readRefusal(this.doing('a look at'), error);
    }
  }

  /** Where it was made to begin; undefined when there is none. */
  async beginning(): Promise<bigint | undefined> {
    const startFrom = (await this.info())?.settings.startFrom;
    if (startFrom === undefined) return undefined;
    return typeof startFrom === 'object' ? startFrom.commit : 0n;
  }

  async parkedCount(): Promise<number> {
    return Number((await this.info())?.stats.parkedMessageCount ?? 0);
  }

  /** False when it is there already. */
  async create(settings: WholeSettings, after: bigint): Promise<boolean> {
    const filter = eventTypeFilter({ prefixes: [...settings.types] });
    const startFrom = after === 0n ? START : { commit: after, prepare: after };
    try {
      await this.connection.ask(this.doing('the making of'), (client) =>
        client.createPersistentSubscriptionToAll(this.name, settingsFor(settings, startFrom), { filter }),
      );
      return true;
    } catch (error) {
      if (is(error, ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS)) return false;
      throw readRefusal(this.doing('the making of'), error);
    }
  }

  /** Only when something is different: an update drops every consumer, and each start of a process asks for this. */
  async update({ settings: old }: PersistentSubscriptionToAllInfo, settings: WholeSettings): Promise<void> {
    const wanted = settingsFor(settings, old.startFrom);
    if (old.messageTimeout === wanted.messageTimeout && old.maxRetryCount === wanted.maxRetryCount) return;
    await this.connection
      .ask(this.doing('an update of'), (client) => client.updatePersistentSubscriptionToAll(this.name, wanted))
      .catch((error: unknown) => {
        throw readRefusal(this.doing('an update of'), error);
      });
  }

  /** No error when there is none. */
  async remove(): Promise<void> {
    await this.connection
      .ask(this.doing('the removal of'), (client) => client.deletePersistentSubscriptionToAll(this.name))
      .catch((error: unknown) => {
        if (!is(error, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST))
          throw readRefusal(this.doing('the removal of'), error);
      });
  }

  async replayParked(): Promise<void> {
    await this.connection
      .ask(this.doing('a replay of'), (client) => client.replayParkedMessagesToAll(this.name))
      .catch((error: unknown) => {
        throw readRefusal(this.doing('a replay of'), error);
      });
  }

  private doing(what: string): string {
    return `${what} group "${this.name}"`;
  }
}
