import type { FactMetadata } from '#event-sourcing';
import type { ConsumerGroups, EventStore, RecordedEvent } from '#event-store';
import type { Clock } from '#platform';

export interface Backlog {
  /** Events of the group's types from the first on that is not done; a thousand of them are counted at most. */
  readonly waiting: number;
  /** Since the first of them was written; 0 when there is none. */
  readonly oldestSeconds: number;
  readonly parked: number;
}

export interface BacklogParts {
  readonly log: EventStore;
  readonly groups: ConsumerGroups;
  readonly clock: Clock;
}

const MOST = 1_000;

/**
 * How far a group is behind, by the log and the group's place in it, which every engine knows. What was looked through
 * and held nothing for the group is not looked through again.
 */
export class GroupBacklog {
  private place = 0n;
  private clearTo = 0n;

  constructor(
    readonly group: string,
    private readonly parts: BacklogParts,
  ) {}

  /** Undefined while there is no such group. */
  async look(): Promise<Backlog | undefined> {
    const { groups, clock } = this.parts;
    const status = await groups.status(this.group);
    if (!status) return undefined;
    const place = status.position ?? 0n;
    // What is replayed lies before what was done.
    if (place < this.place) this.clearTo = 0n;
    this.place = place;
    const waiting = await this.waiting(place > this.clearTo ? place : this.clearTo, status.types);
    const [oldest] = waiting;
    const oldestSeconds = oldest ? Math.max(0, clock.now() - recordedAt(oldest)) / 1_000 : 0;
    return { waiting: waiting.length, oldestSeconds, parked: status.parked };
  }

  private async waiting(from: bigint, types: readonly string[]): Promise<readonly RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    for (let after = from; found.length < MOST; ) {
      const page = await this.parts.log.readAll({ after, limit: MOST - found.length, filter: { types } });
      found.push(...page.events);
      after = page.scannedTo;
      if (found.length === 0) this.clearTo = after;
      if (page.atEnd) break;
    }
    return found;
  }
}

const recordedAt = ({ metadata }: RecordedEvent): number =>
  Date.parse((JSON.parse(Buffer.from(metadata).toString()) as FactMetadata).recordedAt);
