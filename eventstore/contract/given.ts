import { randomUUID } from 'node:crypto';
import type {
  EventData,
  EventStore,
  LogFilter,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '#event-store';

const encoder = new TextEncoder();

/** A prefix of this test alone: the contract also holds on a store that others write to. */
export const ownPrefix = (): string => `contract-${randomUUID()}-`;

export const event = (type = 'something_happened', data: unknown = { text: 'x' }): EventData => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: encoder.encode(JSON.stringify(data)),
  metadata: encoder.encode('{"v":1}'),
});

export const events = (count: number, type?: string): EventData[] => Array.from({ length: count }, () => event(type));

export const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

/** What a stored event must still be, byte for byte. */
export const content = ({ id, type, contentType, data, metadata }: EventData) => ({
  id,
  type,
  contentType,
  data: Buffer.from(data).toString('base64'),
  metadata: Buffer.from(metadata).toString('base64'),
});

export const isStrictlyGrowing = (list: readonly RecordedEvent[]): boolean =>
  list.every((one, index) => index === 0 || one.position > list[index - 1]!.position);

/** The log after a position, page by page. */
export async function wholeLog(
  store: EventStore,
  after: bigint | 'start',
  filter?: LogFilter,
  limit = 100,
): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  let from = after;
  for (;;) {
    const page = await store.readAll({ after: from, limit, ...(filter && { filter }) });
    found.push(...page.events);
    from = page.scannedTo;
    if (page.atEnd) return found;
  }
}

/** Reads a stream in pages of `limit` in one direction. */
export async function wholeStream(
  store: EventStore,
  stream: string,
  direction: 'forwards' | 'backwards',
  limit: number,
): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  let from: bigint | undefined;
  for (;;) {
    const page = await store.readStream(stream, { direction, limit, ...(from !== undefined && { from }) });
    found.push(...page.events);
    if (page.next === null) return found;
    from = page.next;
  }
}

/** Takes messages until one satisfies `isLast`, then leaves the subscription. */
export async function messagesUntil(
  store: EventStore,
  options: SubscribeOptions,
  isLast: (message: SubscriptionMessage, delivered: readonly RecordedEvent[]) => boolean,
  afterEach: (message: SubscriptionMessage) => Promise<unknown> = async () => {},
): Promise<{ messages: SubscriptionMessage[]; delivered: RecordedEvent[] }> {
  const messages: SubscriptionMessage[] = [];
  const delivered: RecordedEvent[] = [];
  for await (const message of store.subscribe(options)) {
    messages.push(message);
    if (message.kind === 'events') delivered.push(...message.events);
    if (isLast(message, delivered)) break;
    await afterEach(message);
  }
  return { messages, delivered };
}
