import { type ActivityTypeName, isActivityType, isServerActivityType, type Phase } from '../activity.types.js';
import type { RejectedItem } from '../session.requests.js';
import { EVENT_BYTES } from './limits.js';

export interface JudgedItem {
  readonly id: string;
  readonly type: ActivityTypeName;
  readonly timestampMs: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly phase: Phase | undefined;
}

type Fault = Pick<RejectedItem, 'code' | 'message'>;

const LONGEST_ID = 128;
/** The last moment a Date can hold. */
const LAST_MOMENT = 8_640_000_000_000_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The item's id as it was sent, to tell it back. */
export const readableId = (item: unknown): string | null =>
  isRecord(item) && typeof item.id === 'string' ? item.id : null;

/** One item by itself, whatever the session: well-formed, of a type a caller may send, and not too large. */
export const judgeItem = (item: unknown): JudgedItem | Fault => {
  if (!isRecord(item)) return invalid('An event is an object.');
  const { id, type, timestampMs, data, phase } = item;
  if (typeof id !== 'string' || !isCallerId(id))
    return invalid(`"id" must be a string of 1–${LONGEST_ID} characters, without lone surrogates.`);
  if (typeof type !== 'string') return invalid('"type" must be a string.');
  if (!Number.isInteger(timestampMs) || (timestampMs as number) < 0 || (timestampMs as number) > LAST_MOMENT)
    return invalid(`"timestampMs" must be an integer from 0 to ${LAST_MOMENT}.`);
  if (!isRecord(data)) return invalid('"data" must be an object.');
  if (phase !== undefined && phase !== 'setup' && phase !== 'task')
    return invalid('"phase" must be "setup" or "task".');
  if (!isActivityType(type)) return { code: 'unknown_event_type', message: `"${type.slice(0, 64)}" is no event type.` };
  if (isServerActivityType(type))
    return { code: 'forbidden_event_type', message: `${type} is made by the server: it cannot be sent.` };
  const bytes = Buffer.byteLength(JSON.stringify(item));
  if (bytes > EVENT_BYTES)
    return { code: 'event_too_large', message: `An event takes up to ${EVENT_BYTES} bytes, this one has ${bytes}.` };
  return { id, type, timestampMs: timestampMs as number, data, phase };
};

/** Lone surrogates all become the same bytes when an id is hashed: two ids would be one stored event. */
export const isCallerId = (id: string): boolean =>
  id.length > 0 &&
  (id.length <= LONGEST_ID || (id.length <= 2 * LONGEST_ID && [...id].length <= LONGEST_ID)) &&
  id.isWellFormed();

const invalid = (message: string): Fault => ({ code: 'invalid_event', message });
