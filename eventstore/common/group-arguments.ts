import { type ConsumeOptions, EventStoreError, type GroupSettings } from '../port/index.js';
import { checkFilter } from './arguments.js';

/** A group's settings, none left out. */
export interface WholeSettings {
  readonly types: readonly string[];
  readonly ackTimeoutMs: number;
  readonly maxRetries: number;
}

const NAME = /^[A-Za-z0-9._-]{1,128}$/;
const ACK_TIMEOUT_MS = 30_000;
const MAX_RETRIES = 10;
const LARGEST_BUFFER = 1_000;
const LARGEST_PAGE = 1_000;
const LONGEST_REASON = 1_000;

const invalid = (message: string): EventStoreError => new EventStoreError('invalid_argument', message);

export function checkGroup(name: string): void {
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalid(`A group's name is 1–128 of A–Z a–z 0–9 . _ -, not ${JSON.stringify(name)}.`);
}

export function settingsOf({
  types,
  ackTimeoutMs = ACK_TIMEOUT_MS,
  maxRetries = MAX_RETRIES,
}: GroupSettings): WholeSettings {
  if (types.length === 0) throw invalid('A group consumes at least one event type.');
  checkFilter({ types });
  if (!Number.isSafeInteger(ackTimeoutMs) || ackTimeoutMs < 1)
    throw invalid(`A group's ackTimeoutMs is a whole number from 1 on, not ${ackTimeoutMs}.`);
  if (!Number.isSafeInteger(maxRetries) || maxRetries < 0)
    throw invalid(`A group's maxRetries is a whole number from 0 on, not ${maxRetries}.`);
  return { types: [...new Set(types)].sort(), ackTimeoutMs, maxRetries };
}

export function startOf(after: GroupSettings['after']): number | 'end' {
  if (after === 'end') return after;
  if (after === 'start') return 0;
  if (typeof after !== 'bigint' || after < 0n || after > BigInt(Number.MAX_SAFE_INTEGER))
    throw invalid(`A group begins after a position (a bigint from 0n on), 'start' or 'end', not ${String(after)}.`);
  return Number(after);
}

export function checkConsume({ buffer }: ConsumeOptions): void {
  if (buffer !== undefined && (!Number.isInteger(buffer) || buffer < 1 || buffer > LARGEST_BUFFER))
    throw invalid(`A consumer holds 1–${LARGEST_BUFFER} deliveries, not ${buffer}.`);
}

export function checkPage(limit: number, offset: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE)
    throw invalid(`A page holds 1–${LARGEST_PAGE} parked events, not ${limit}.`);
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw invalid(`A page begins at an offset from 0 on, not ${offset}.`);
}

export function checkPause(afterMs: number): void {
  if (!Number.isFinite(afterMs) || afterMs < 0) throw invalid(`A retry is 0 ms or more away, not ${afterMs}.`);
}

export const cutReason = (reason: string): string => reason.toWellFormed().slice(0, LONGEST_REASON);
