import { mayRead, type Rights } from '../access.js';
import { unexpectedReadStreamResult } from '../errors.js';
import type { NodeEvent, NodeLog, Resolved } from '../log/node-log.js';
import {
  encodeFirstStreamPosition,
  encodeLastStreamPosition,
  encodeReadEvent,
  encodeStreamNotFound,
  type UuidForm,
} from './read-encoding.js';
import type { AllReadRequest, StreamReadRequest } from './read-requests.js';
import type { Sending } from './sending.js';

const PAGE = 512;
/** The real server's page: a stream hidden for longer than that at its start is told about. */
const SERVER_PAGE = 32n;

/** Sends events of a page, links resolved when asked for, and waits for a caller who takes them slowly. */
export class EventSender {
  constructor(
    private readonly log: NodeLog,
    private readonly rights: Rights,
    private readonly out: Pick<Sending<unknown>, 'send' | 'drained' | 'isOver'>,
    private readonly options: { readonly resolveLinks: boolean; readonly uuids: UuidForm },
  ) {}

  async send(events: readonly NodeEvent[]): Promise<void> {
    const resolved = this.options.resolveLinks
      ? await Promise.all(events.map((event) => this.resolve(event)))
      : undefined;
    for (const [index, event] of events.entries()) {
      if (this.out.isOver) return;
      const message = encodeReadEvent(resolved?.[index] ?? { event }, this.options.uuids);
      if (!this.out.send(message)) await this.out.drained();
    }
  }

  get isOver(): boolean {
    return this.out.isOver;
  }

  async message(message: Buffer): Promise<void> {
    if (!this.out.send(message)) await this.out.drained();
  }

  /** A link in a stream the caller may read can point to one it may not: then it points to nothing. */
  private async resolve(event: NodeEvent): Promise<Resolved> {
    const resolved = await this.log.resolve(event);
    if (!resolved.link || !resolved.event || mayRead(this.rights, resolved.event.stream)) return resolved;
    return { link: resolved.link };
  }
}

/** @throws NodeError, EventStoreError stream_deleted */
export async function readStream(log: NodeLog, sender: EventSender, request: StreamReadRequest): Promise<void> {
  const { stream, direction, tellsBounds } = request;
  const isForwards = direction === 'forwards';
  if (request.count === 0 || (isForwards && request.from === 'end')) throw unexpectedReadStreamResult();
  let left = request.count;
  let from = request.from;
  let isFirst = true;
  for (;;) {
    const page = await log.readStream(stream, { direction, from, limit: Math.min(left, PAGE) });
    if (page.lastRevision === null) {
      if (isFirst) await sender.message(encodeStreamNotFound(stream));
      return;
    }
    if (isFirst && tellsBounds && isForwards) {
      const start = from === 'start' || from === 'end' ? 0n : from;
      if (page.firstRevision >= start + SERVER_PAGE)
        await sender.message(encodeFirstStreamPosition(page.firstRevision));
      if (page.firstRevision > page.lastRevision)
        await sender.message(encodeFirstStreamPosition(page.lastRevision + 1n));
    }
    isFirst = false;
    await sender.send(page.events);
    left -= page.events.length;
    if (page.next === null || left <= 0 || sender.isOver) {
      if (tellsBounds) await sender.message(encodeLastStreamPosition(page.lastRevision));
      return;
    }
    from = page.next;
  }
}

/** A filtered read goes on through the log until it has found enough, or the end. */
export async function readAll(
  log: NodeLog,
  sender: EventSender,
  { direction, from: start, count, filter }: AllReadRequest,
  within: readonly string[] | undefined,
): Promise<void> {
  let left = count;
  let from = start;
  while (left > 0 && !sender.isOver) {
    const page = await log.readAll({ direction, from, limit: Math.min(left, PAGE), filter, within });
    await sender.send(page.events);
    left -= page.events.length;
    if (page.atEnd) return;
    from = page.next;
  }
}
