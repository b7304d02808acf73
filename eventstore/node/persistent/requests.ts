import messages, { type CreateReq, type UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import { groupFailed, handlerThrew, invalidArgument } from '../errors.js';
import type { NodeFilter } from '../log/node-log.js';
import { ALL, type GroupSettings } from './settings.js';
import { STRATEGIES, type StrategyName } from './strategies.js';

const NAMED_STRATEGIES: readonly StrategyName[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];
const TICKS_PER_MS = 10_000n;

export const streamOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

/** What both kinds of request say in the same words. @throws NodeError */
export function settingsOf(request: CreateReq | UpdateReq): GroupSettings {
  const options = request.getOptions();
  const given = options?.getSettings();
  if (!options || !given) throw handlerThrew();
  const all = options.getAll();
  // Clients from before `$all` could have groups name the stream beside the options, and its start in the settings.
  const stream = options.getStream();
  const source = all ? ALL : streamOf(stream?.getStreamIdentifier() ?? options.getStreamIdentifier());
  const group = options.getGroupName();
  if (source === '' || group === '') throw handlerThrew();
  return {
    source,
    group,
    filter: all && 'getFilter' in all ? filterOf(all.getFilter()) : undefined,
    startFrom: all ? allStart(all) : stream ? streamStart(stream) : oldStart(given.getRevision()),
    resolveLinks: given.getResolveLinks(),
    extraStatistics: given.getExtraStatistics(),
    maxRetryCount: given.getMaxRetryCount(),
    minCheckpointCount: given.getMinCheckpointCount(),
    maxCheckpointCount: given.getMaxCheckpointCount(),
    checkpointAfterMs: given.hasCheckpointAfterTicks()
      ? milliseconds(given.getCheckpointAfterTicks())
      : given.getCheckpointAfterMs(),
    maxSubscriberCount: given.getMaxSubscriberCount(),
    messageTimeoutMs: given.hasMessageTimeoutTicks()
      ? milliseconds(given.getMessageTimeoutTicks())
      : given.getMessageTimeoutMs(),
    liveBufferSize: given.getLiveBufferSize(),
    readBatchSize: given.getReadBatchSize(),
    historyBufferSize: given.getHistoryBufferSize(),
    strategy: strategyOf(given, source, group),
  };
}

const milliseconds = (ticks: string): number => Number(BigInt(ticks) / TICKS_PER_MS);

function strategyOf(given: CreateReq.Settings | UpdateReq.Settings, source: string, group: string): StrategyName {
  const named = 'getConsumerStrategy' in given ? given.getConsumerStrategy() : '';
  const wanted = named || NAMED_STRATEGIES[given.getNamedConsumerStrategy()];
  const strategy = STRATEGIES.find((name) => name === wanted);
  if (!strategy) throw groupFailed(source, group, `Consumer strategy ${wanted} does not exist.`);
  return strategy;
}

function streamStart(stream: CreateReq.StreamOptions | UpdateReq.StreamOptions): GroupSettings['startFrom'] {
  if (stream.hasStart()) return 'start';
  return stream.hasEnd() ? 'end' : revision(stream.getRevision());
}

function allStart(all: CreateReq.AllOptions | UpdateReq.AllOptions): GroupSettings['startFrom'] {
  if (all.hasStart()) return 'start';
  if (all.hasEnd()) return 'end';
  const position = all.getPosition();
  if (!position || BigInt(position.getCommitPosition()) < BigInt(position.getPreparePosition())) throw handlerThrew();
  return revision(position.getCommitPosition());
}

const revision = (text: string): bigint | 'start' => (BigInt(text) === 0n ? 'start' : BigInt(text));

function oldStart(text: string): GroupSettings['startFrom'] {
  return BigInt.asIntN(64, BigInt(text)) === -1n ? 'end' : revision(text);
}

function filterOf(filter: CreateReq.AllOptions.FilterOptions | undefined): NodeFilter | undefined {
  const { FilterCase } = messages.CreateReq.AllOptions.FilterOptions;
  if (!filter || filter.getFilterCase() === FilterCase.FILTER_NOT_SET) return undefined;
  const on = filter.getFilterCase() === FilterCase.STREAM_IDENTIFIER ? 'stream' : 'type';
  const expression = on === 'stream' ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  if (prefixes.length > 0) return { on, prefixes };
  const regex = expression?.getRegex() ?? '';
  if (regex === '') throw invalidArgument('A filter names prefixes or a regular expression.');
  try {
    new RegExp(regex);
  } catch {
    throw handlerThrew();
  }
  return { on, regex };
}

interface SourceOptions {
  hasAll(): boolean;
  getStreamIdentifier(): StreamIdentifier | undefined;
}

/** A stream's name, or `$all`. */
export const sourceNameOf = (options: SourceOptions): string =>
  options.hasAll() ? ALL : streamOf(options.getStreamIdentifier());
