import { isoTime } from '#platform';
import type { ParkedEvent, RecordedEvent } from '../../port/index.js';
import type { GroupHouse } from './group.js';
import type { GroupState, Parking } from './group-state.js';

const AT_A_TIME = 64;
const ALL = Number.MAX_SAFE_INTEGER;

/** A group's parked events: references on disk, read from the log when they are shown. */
export class Parked {
  /** Streams were deleted since the references were looked at, maybe those of parked events. */
  private isDoubted = true;

  constructor(
    private readonly group: string,
    private readonly house: GroupHouse,
    private readonly state: GroupState<RecordedEvent>,
  ) {}

  doubt(): void {
    this.isDoubted = true;
  }

  async put(parkings: readonly Parking[]): Promise<void> {
    const { events, file, clock } = this.house;
    const found = new Map(await events.at(parkings.map(({ position }) => position)));
    const kept = parkings.filter(({ position }) => found.get(position));
    await file.ask('park', this.group, kept, clock.now(), this.state.saved(parkings));
    for (const { position } of parkings) this.state.parked(position);
  }

  async page(limit: number, offset: number): Promise<readonly ParkedEvent[]> {
    await this.settleDoubt();
    const rows = await this.house.file.ask('parked', this.group, limit, offset);
    const found = new Map(await this.house.events.at(rows.map(({ position }) => position)));
    return rows.flatMap(({ position, reason, retries, parkedAt }) => {
      const event = found.get(position);
      return event ? [{ event, reason, retries, parkedAt: isoTime(parkedAt) }] : [];
    });
  }

  async count(): Promise<number> {
    await this.settleDoubt();
    return this.house.file.ask('countParked', this.group);
  }

  /** Durable before the first is handed out, so that none is both parked and done. */
  async replay(): Promise<number> {
    await this.settleDoubt();
    const rows = await this.house.file.ask('parked', this.group, ALL, 0);
    const positions = rows.map(({ position }) => position);
    this.state.replay(positions);
    try {
      await this.house.file.ask('replay', this.group, positions, this.state.saved());
    } catch (error) {
      for (const position of positions) this.state.gone(position);
      throw error;
    }
    for (const position of positions) this.state.wanted(position);
    return positions.length;
  }

  private async settleDoubt(): Promise<void> {
    if (!this.isDoubted) return;
    this.isDoubted = false;
    try {
      const rows = await this.house.file.ask('parked', this.group, ALL, 0);
      for (let at = 0; at < rows.length; at += AT_A_TIME) {
        const found = await this.house.events.at(rows.slice(at, at + AT_A_TIME).map(({ position }) => position));
        const gone = found.flatMap(([position, event]) => (event ? [] : [position]));
        if (gone.length > 0) await this.house.file.ask('unpark', this.group, gone);
      }
    } catch (error) {
      this.isDoubted = true;
      throw error;
    }
  }
}
