import { checkPause, cutReason } from '../../common/group-arguments.js';
import type { GroupDelivery, RecordedEvent } from '../../port/index.js';
import type { HandOut } from './group-state.js';

/** What a delivery tells its group. */
export interface Answers {
  acknowledge(position: number, lease: number): void;
  putOff(position: number, lease: number, afterMs: number, reason: string): void;
  setAside(position: number, lease: number, reason: string): Promise<void>;
}

const DONE = Promise.resolve();

export class Delivery implements GroupDelivery {
  readonly event: RecordedEvent;
  readonly retries: number;
  private readonly lease: number;
  private readonly position: number;

  constructor(
    private readonly group: Answers,
    { position, body, retries, lease }: HandOut<RecordedEvent>,
  ) {
    this.event = body;
    this.retries = retries;
    this.lease = lease;
    this.position = position;
  }

  /** Kept in memory at once and on disk with the next save: a crash in between hands the event out again. */
  ack(): Promise<void> {
    this.group.acknowledge(this.position, this.lease);
    return DONE;
  }

  async retry(afterMs: number, reason: string): Promise<void> {
    checkPause(afterMs);
    this.group.putOff(this.position, this.lease, afterMs, cutReason(reason));
  }

  park(reason: string): Promise<void> {
    return this.group.setAside(this.position, this.lease, cutReason(reason));
  }
}
