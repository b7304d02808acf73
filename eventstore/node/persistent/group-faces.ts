import type { NodeError } from '../errors.js';
import type { NodeLog, Resolved } from '../log/node-log.js';
import type { GroupSettings } from './settings.js';

/** A reader of a group, at the other end of a call. */
export interface GroupConsumer {
  readonly user: string;
  readonly from: string;
  readonly connectionName: string;
  /** Most unanswered messages it takes. */
  readonly bufferSize: number;
  deliver(message: Resolved, retries: number): void;
  /** The group is no more, or is another one. */
  end(error: NodeError): void;
}

export interface GroupSurroundings {
  readonly log: NodeLog;
  readonly now: () => number;
  /** Told of trouble that is ridden out inside. */
  readonly report: (error: unknown) => void;
}

export interface GroupStatus {
  readonly settings: GroupSettings;
  readonly isLive: boolean;
  readonly delivered: number;
  readonly checkpoint: bigint | undefined;
  readonly newest: bigint | undefined;
  readonly buffered: number;
  readonly retrying: number;
  readonly inFlight: number;
  readonly outstanding: number;
  readonly parked: bigint;
  readonly consumers: readonly {
    readonly consumer: GroupConsumer;
    readonly inFlight: number;
    readonly total: number;
    readonly free: number;
  }[];
}
