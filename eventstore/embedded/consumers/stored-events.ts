import type { EventStore, RecordedEvent, SubscribeOptions, SubscriptionMessage } from '../../port/index.js';

/** Events of the log, without those whose stream is deleted while they are on their way here. */
export class StoredEvents {
  /** For each reading under way, the streams deleted since it began. */
  private readonly underWay = new Set<Set<string>>();

  constructor(readonly log: EventStore) {}

  forget(stream: string): void {
    for (const deleted of this.underWay) deleted.add(stream);
  }

  /** By their positions; undefined for an event whose stream was deleted. */
  async at(positions: readonly number[]): Promise<[number, RecordedEvent | undefined][]> {
    const deleted = new Set<string>();
    this.underWay.add(deleted);
    try {
      const pages = await Promise.all(
        positions.map((position) => this.log.readAll({ after: BigInt(position) - 1n, limit: 1 })),
      );
      return positions.map((position, index) => {
        const event = pages[index]!.events[0];
        const isThere = event?.position === BigInt(position) && !deleted.has(event.stream);
        return [position, isThere ? event : undefined];
      });
    } finally {
      this.underWay.delete(deleted);
    }
  }

  async *follow(options: SubscribeOptions): AsyncGenerator<SubscriptionMessage, undefined> {
    const deleted = new Set<string>();
    this.underWay.add(deleted);
    try {
      for await (const message of this.log.subscribe(options)) {
        if (message.kind !== 'events' || deleted.size === 0) yield message;
        else {
          const events = message.events.filter(({ stream }) => !deleted.has(stream));
          if (events.length > 0) yield { kind: 'events', events };
          else yield { kind: 'checkpoint', position: message.events.at(-1)!.position };
        }
        // Whatever is read from here on was read after those were gone.
        deleted.clear();
      }
      return undefined;
    } finally {
      this.underWay.delete(deleted);
    }
  }
}
