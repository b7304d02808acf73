import type { EventData } from '../../port/index.js';
import type { NodeFilter, NodeLog } from '../log/node-log.js';
import { jsonEvent } from './records.js';
import { type GroupSettings, placeOf, startText } from './settings.js';
import type { StrategyName } from './strategies.js';

const STREAM = '$persistentSubscriptionConfig';
const TYPE = '$PersistentConfig';

/** As the real server writes it, so that its tools read it. */
interface StoredEntry {
  readonly stream: string;
  readonly group: string;
  readonly filter?: {
    readonly context: 'streamId' | 'eventType';
    readonly type: 'prefix' | 'regex';
    readonly data: string;
  };
  readonly resolveLinkTos: boolean;
  readonly extraStatistics: boolean;
  readonly messageTimeout: number;
  readonly startPosition: string;
  readonly liveBufferSize: number;
  readonly historyBufferSize: number;
  readonly maxRetryCount: number;
  readonly readBatchSize: number;
  readonly checkPointAfter: number;
  readonly minCheckPointCount: number;
  readonly maxCheckPointCount: number;
  readonly maxSubscriberCount: number;
  readonly namedConsumerStrategy: StrategyName;
}

/** Every group with its settings: the newest event of `$persistentSubscriptionConfig` is what holds. */
export class GroupConfig {
  constructor(
    private readonly log: NodeLog,
    private readonly now: () => number,
  ) {}

  async load(): Promise<GroupSettings[]> {
    const { events } = await this.log.readStream(STREAM, { direction: 'backwards', from: 'end', limit: 1 });
    const [newest] = events;
    if (!newest) return [];
    const { entries } = JSON.parse(Buffer.from(newest.data).toString('utf8')) as { entries: readonly StoredEntry[] };
    return entries.map(settingsOf);
  }

  async save(groups: readonly GroupSettings[], user: string): Promise<void> {
    const event: EventData = jsonEvent(TYPE, {
      version: '2',
      updated: new Date(this.now()).toISOString(),
      updatedBy: user,
      entries: groups.map(entryOf),
    });
    await this.log.append(STREAM, 'any', [event]);
  }
}

const entryOf = (settings: GroupSettings): StoredEntry => ({
  stream: settings.source,
  group: settings.group,
  ...(settings.filter ? { filter: storedFilter(settings.filter) } : {}),
  resolveLinkTos: settings.resolveLinks,
  extraStatistics: settings.extraStatistics,
  messageTimeout: settings.messageTimeoutMs,
  startPosition: startText(settings),
  liveBufferSize: settings.liveBufferSize,
  historyBufferSize: settings.historyBufferSize,
  maxRetryCount: settings.maxRetryCount,
  readBatchSize: settings.readBatchSize,
  checkPointAfter: settings.checkpointAfterMs,
  minCheckPointCount: settings.minCheckpointCount,
  maxCheckPointCount: settings.maxCheckpointCount,
  maxSubscriberCount: settings.maxSubscriberCount,
  namedConsumerStrategy: settings.strategy,
});

const settingsOf = (entry: StoredEntry): GroupSettings => {
  const start = placeOf(entry.startPosition) ?? 0n;
  return {
    source: entry.stream,
    group: entry.group,
    filter: entry.filter && filterOf(entry.filter),
    startFrom: start === -1n ? 'end' : start === 0n ? 'start' : start,
    resolveLinks: entry.resolveLinkTos,
    extraStatistics: entry.extraStatistics,
    maxRetryCount: entry.maxRetryCount,
    minCheckpointCount: entry.minCheckPointCount,
    maxCheckpointCount: entry.maxCheckPointCount,
    checkpointAfterMs: entry.checkPointAfter,
    maxSubscriberCount: entry.maxSubscriberCount,
    messageTimeoutMs: entry.messageTimeout,
    liveBufferSize: entry.liveBufferSize,
    readBatchSize: entry.readBatchSize,
    historyBufferSize: entry.historyBufferSize,
    strategy: entry.namedConsumerStrategy,
  };
};

const SEPARATOR = ',';

const storedFilter = ({ on, prefixes, regex }: NodeFilter): NonNullable<StoredEntry['filter']> => ({
  context: on === 'stream' ? 'streamId' : 'eventType',
  type: prefixes ? 'prefix' : 'regex',
  data: prefixes ? prefixes.join(SEPARATOR) : (regex ?? ''),
});

const filterOf = ({ context, type, data }: NonNullable<StoredEntry['filter']>): NodeFilter => ({
  on: context === 'streamId' ? 'stream' : 'type',
  ...(type === 'prefix' ? { prefixes: data.split(SEPARATOR) } : { regex: data }),
});
