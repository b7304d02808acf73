import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventData, isEventStoreError, type ParkedEvent, type RecordedEvent } from '../../port/index.js';
import type { Appends } from '../appends.js';
import type { Connection } from '../connection.js';
import { readMessages } from '../read-messages.js';
import { unavailable } from '../refusals.js';
import { streamRead } from '../requests.js';
import { READ_MS } from '../stream-pages.js';

const PAGE = 500;
const STANDS_MS = 5_000;

/** A link the server made when it parked an event; without the event when that is no more. */
export interface ParkedLink {
  readonly link: RecordedEvent;
  readonly event: RecordedEvent | undefined;
}

const streamOf = (group: string): string => `$persistentsubscription-$all::${group}-parked`;

/** The server keeps no retries of what a consumer parks, so they stand in the reason it keeps. */
export const reasonWith = (retries: number, reason: string): string => `retries=${retries}; ${reason}`;

const EXPLICIT = /^Client explicitly NAK'ed message\.\n?/;
const USED_UP = /^Reached retry count of (\d+)/;

export function parkedEvent({ link, event }: ParkedLink): ParkedEvent | undefined {
  if (!event) return undefined;
  const stored = JSON.parse(Buffer.from(link.metadata).toString() || '{}') as { added?: string; reason?: string };
  const text = (stored.reason ?? '').replace(EXPLICIT, '');
  const [prefix, told] = /^retries=(\d+); /.exec(text) ?? [];
  const retries = Number(told ?? USED_UP.exec(text)?.[1] ?? 0);
  const parkedAt = new Date(stored.added ?? 0).toISOString();
  return { event, reason: text.slice(prefix?.length ?? 0), parkedAt, retries };
}

/** The stream of links in which the server keeps what a group has parked. */
export class ParkedLinks {
  constructor(
    private readonly connection: Connection,
    private readonly appends: Appends,
    private readonly readMs = READ_MS,
  ) {}

  /** The newest `count`, oldest first: those before them were replayed, and a server may show them for a while yet. */
  async newest(group: string, count: number): Promise<ParkedLink[]> {
    const found: ParkedLink[] = [];
    let from: bigint | 'end' = 'end';
    while (found.length < count) {
      const page: ParkedLink[] = await this.read(group, from, Math.min(PAGE, count - found.length));
      found.push(...page);
      const last = page.at(-1);
      if (!last || last.link.revision === 0n) break;
      from = last.link.revision - 1n;
    }
    return found.reverse();
  }

  async lastRevision(group: string): Promise<bigint> {
    return (await this.read(group, 'end', 1))[0]?.link.revision ?? -1n;
  }

  /** The server answers nothing to what parks an event. @throws EventStoreError unavailable */
  async stands(group: string, event: RecordedEvent, after: bigint): Promise<void> {
    const wanted = `${event.revision}@${event.stream}`;
    const began = performance.now();
    for (let pause = 2; ; pause = Math.min(pause * 2, 200)) {
      const newest = await this.read(group, 'end', PAGE);
      if (newest.some(({ link }) => link.revision > after && textOf(link.data) === wanted)) return;
      if (performance.now() - began > STANDS_MS)
        throw unavailable(`parking ${wanted}`, `it is not among the parked after ${STANDS_MS} ms, and will come again`);
      await sleep(pause);
    }
  }

  /** Parks there what is parked here, once each however often this is done. Needs the right to write `$…` streams. */
  async copy(group: string, count: number, to: string): Promise<void> {
    const links = await this.newest(group, count);
    for (let at: bigint | 'no_stream' = 'no_stream'; ; ) {
      const there = new Set((await this.newest(to, Number.POSITIVE_INFINITY)).map(({ link }) => textOf(link.data)));
      const missing = links.filter(({ link }) => !there.has(textOf(link.data))).slice(0, PAGE);
      if (missing.length === 0) return;
      at = await this.appendAt(to, at, missing.map(linkTo));
    }
  }

  /** Where the stream is then, whether these stand there or somebody else was first. */
  private async appendAt(
    group: string,
    at: bigint | 'no_stream',
    links: readonly EventData[],
  ): Promise<bigint | 'no_stream'> {
    try {
      return (await this.appends.append(streamOf(group), at, links, undefined)).revision;
    } catch (error) {
      if (isEventStoreError(error, 'unknown_outcome'))
        throw unavailable(`what is parked for group "${group}"`, 'nobody can say whether it was written: ask again');
      if (!isEventStoreError(error, 'wrong_expected_revision')) throw error;
      const actual = String(error.details['actual']);
      return actual === 'no_stream' ? 'no_stream' : BigInt(actual);
    }
  }

  private async read(group: string, from: bigint | 'end', limit: number): Promise<ParkedLink[]> {
    const doing = `a look at what group "${group}" has parked`;
    const found: ParkedLink[] = [];
    const request = streamRead(streamOf(group), { direction: 'backwards', from, limit, resolveLinks: true });
    const ended = await readMessages(this.connection, request, { doing, deadlineMs: this.readMs }, (message) => {
      const { event, link } = message.read ?? {};
      if (link) found.push({ link, event });
      return true;
    });
    if (ended === 'late') throw unavailable(doing, `no answer within ${this.readMs} ms`);
    return found;
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

const linkTo = ({ link }: ParkedLink): EventData => ({
  id: randomUUID(),
  type: '$>',
  contentType: 'application/octet-stream',
  data: link.data,
  metadata: link.metadata,
});
