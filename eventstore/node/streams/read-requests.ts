import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { handlerThrew, invalidArgument, type NodeError } from '../errors.js';
import type { NodeFilter } from '../log/node-log.js';
import type { UuidForm } from './read-encoding.js';

const { Options } = streams.ReadReq;
const { StreamOptionCase, CountOptionCase, FilterOptionCase, ReadDirection } = Options;
const { RevisionOptionCase } = Options.StreamOptions;
const { AllOptionCase } = Options.AllOptions;
const { FilterCase, WindowCase } = Options.FilterOptions;

export type From = bigint | 'start' | 'end';

interface Asked {
  readonly resolveLinks: boolean;
  readonly uuids: UuidForm;
}

export interface FilteredRead {
  readonly filter: NodeFilter;
  /** So many records are looked at between two checkpoints. */
  readonly checkpointEvery: number;
}

export interface FiniteRead extends Asked {
  readonly direction: 'forwards' | 'backwards';
  readonly from: From;
  readonly count: number;
}

export interface StreamReadRequest extends FiniteRead {
  readonly kind: 'stream';
  readonly stream: string;
  /** The caller wants to be told where the stream begins and ends. */
  readonly tellsBounds: boolean;
}

export interface AllReadRequest extends FiniteRead {
  readonly kind: 'all';
  readonly filter: NodeFilter | undefined;
}

/** Everything after `from`. */
export interface StreamSubscription extends Asked {
  readonly kind: 'stream-subscription';
  readonly stream: string;
  readonly from: From;
}

export interface AllSubscription extends Asked {
  readonly kind: 'all-subscription';
  readonly from: From;
  readonly filtered: FilteredRead | undefined;
}

export type ReadRequest = StreamReadRequest | AllReadRequest | StreamSubscription | AllSubscription;

/** Records between two checkpoints when the caller names no window. */
const DEFAULT_WINDOW = 32;
/** Each is a condition of one SQL expression, whose depth has a limit. */
const MAX_PREFIXES = 400;

/** @throws NodeError */
export function readRequest(request: ReadReq): ReadRequest {
  const options = request.getOptions();
  if (!options) throw handlerThrew();
  const isStream = options.getStreamOptionCase() === StreamOptionCase.STREAM;
  const isAll = options.getStreamOptionCase() === StreamOptionCase.ALL;
  const isSubscription = options.getCountOptionCase() === CountOptionCase.SUBSCRIPTION;
  const isFiltered = options.getFilterOptionCase() === FilterOptionCase.FILTER;
  const isBackwards = options.getReadDirection() === ReadDirection.BACKWARDS;
  const isPossible =
    (isStream || isAll) &&
    options.getCountOptionCase() !== CountOptionCase.COUNT_OPTION_NOT_SET &&
    options.getFilterOptionCase() !== FilterOptionCase.FILTER_OPTION_NOT_SET &&
    !(isStream && isFiltered) &&
    !(isSubscription && isBackwards);
  if (!isPossible) throw impossible(options);
  const asked: Asked = {
    resolveLinks: options.getResolveLinks(),
    uuids: options.getUuidOption()?.hasStructured() ? 'structured' : 'string',
  };
  const finite = { direction: isBackwards ? 'backwards' : 'forwards', count: Number(options.getCount()) } as const;
  if (isStream) {
    const from = revisionIn(options.getStream());
    const stream = nameIn(options.getStream());
    if (isSubscription) return { kind: 'stream-subscription', stream, from, ...asked };
    const tellsBounds = (options.getControlOption()?.getCompatibility() ?? 0) >= 1;
    return { kind: 'stream', stream, from, tellsBounds, ...finite, ...asked };
  }
  const from = positionIn(options.getAll());
  const filtered = isFiltered ? filterIn(options.getFilter()) : undefined;
  if (isSubscription) return { kind: 'all-subscription', from, filtered, ...asked };
  return { kind: 'all', from, filter: filtered?.filter, ...finite, ...asked };
}

function nameIn(options: ReadReq.Options.StreamOptions | undefined): string {
  const name = Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
  if (name === '') throw handlerThrew();
  return name;
}

function revisionIn(options: ReadReq.Options.StreamOptions | undefined): From {
  switch (options?.getRevisionOptionCase()) {
    case RevisionOptionCase.REVISION:
      return BigInt(options.getRevision());
    case RevisionOptionCase.START:
      return 'start';
    case RevisionOptionCase.END:
      return 'end';
    default:
      throw handlerThrew();
  }
}

function positionIn(options: ReadReq.Options.AllOptions | undefined): From {
  switch (options?.getAllOptionCase()) {
    case AllOptionCase.POSITION: {
      const commit = BigInt(options.getPosition()?.getCommitPosition() ?? 0);
      if (commit < BigInt(options.getPosition()?.getPreparePosition() ?? 0)) throw handlerThrew();
      return commit;
    }
    case AllOptionCase.START:
      return 'start';
    case AllOptionCase.END:
      return 'end';
    default:
      throw handlerThrew();
  }
}

function filterIn(options: ReadReq.Options.FilterOptions | undefined): FilteredRead {
  const isByType = options?.getFilterCase() === FilterCase.EVENT_TYPE;
  const expression = isByType ? options?.getEventType() : options?.getStreamIdentifier();
  if (!options || !expression) throw handlerThrew();
  const window = options.getWindowCase() === WindowCase.MAX ? options.getMax() : DEFAULT_WINDOW;
  const checkpointEvery = window * options.getCheckpointintervalmultiplier();
  if (checkpointEvery <= 0) throw handlerThrew();
  const on = isByType ? 'type' : 'stream';
  const regex = expression.getRegex();
  if (regex !== '') return { filter: { on, regex: compilable(regex) }, checkpointEvery };
  const prefixes = expression.getPrefixList();
  if (prefixes.length === 0 || prefixes.length > MAX_PREFIXES) throw handlerThrew();
  return { filter: { on, prefixes }, checkpointEvery };
}

function compilable(regex: string): string {
  try {
    return new RegExp(regex).source;
  } catch {
    throw handlerThrew();
  }
}

/** In the words of the real server, which names the cases of the message. */
function impossible(options: ReadReq.Options): NodeError {
  const cases = [
    ['None', 'Stream', 'All'][options.getStreamOptionCase()],
    options.hasCount() ? 'Count' : options.hasSubscription() ? 'Subscription' : 'None',
    options.getReadDirection() === ReadDirection.BACKWARDS ? 'Backwards' : 'Forwards',
    options.hasFilter() ? 'Filter' : options.hasNoFilter() ? 'NoFilter' : 'None',
  ];
  return invalidArgument(`The combination of (${cases.join(', ')}) is invalid.`);
}
