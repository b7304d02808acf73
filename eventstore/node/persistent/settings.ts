import type { NodeFilter } from '../log/node-log.js';
import type { StrategyName } from './strategies.js';

export const ALL = '$all';

/** A group as it was created or last updated: what `$persistentSubscriptionConfig` keeps. */
export interface GroupSettings {
  /** A stream's name, or `$all`. */
  readonly source: string;
  readonly group: string;
  readonly filter: NodeFilter | undefined;
  /** A revision or a position, inclusive. */
  readonly startFrom: bigint | 'start' | 'end';
  readonly resolveLinks: boolean;
  readonly extraStatistics: boolean;
  readonly maxRetryCount: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  readonly checkpointAfterMs: number;
  /** 0: as many as come. */
  readonly maxSubscriberCount: number;
  readonly messageTimeoutMs: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly strategy: StrategyName;
}

/** How a real server names a group: in the confirmation, and in the streams it keeps for it. */
export const groupId = ({ source, group }: Pick<GroupSettings, 'source' | 'group'>): string => `${source}::${group}`;

/** How the real server writes a place: a revision, or a position twice. */
export const placeText = (source: string, place: bigint): string =>
  source === ALL ? `C:${place}/P:${place}` : `${place}`;

export const startText = ({ source, startFrom }: Pick<GroupSettings, 'source' | 'startFrom'>): string =>
  placeText(source, startFrom === 'start' ? 0n : startFrom === 'end' ? -1n : startFrom);

/** Undefined for what is no place. */
export function placeOf(text: string): bigint | undefined {
  const digits = /^(-?\d+)$/.exec(text)?.[1] ?? /^C:(-?\d+)\/P:-?\d+$/.exec(text)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}
