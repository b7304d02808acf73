import {
  type AppendResult,
  type CallOptions,
  type EventData,
  EventStore,
  type ExpectedRevision,
  type LogPage,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StreamPage,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '#event-store';

export class ProcessEnded extends Error {}

/**
 * The log as a process sees it that dies after so many appends: from then on nothing it asks for happens. With `readsOn` it
 * lives until it would append once more.
 */
export class EndingLog extends EventStore {
  constructor(
    private readonly log: EventStore,
    private appendsLeft: number,
    private readonly readsOn = false,
  ) {
    super();
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    options?: CallOptions,
  ): Promise<AppendResult> {
    if (this.appendsLeft <= 0) this.appendsLeft = -1;
    const log = this.living();
    this.appendsLeft -= 1;
    return log.append(stream, expected, events, options);
  }

  async readStream(stream: string, options: ReadStreamOptions): Promise<StreamPage> {
    return this.living().readStream(stream, options);
  }

  async readAll(options: ReadAllOptions): Promise<LogPage> {
    return this.living().readAll(options);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    return this.log.subscribe(options);
  }

  async deleteStream(stream: string, expected?: ExpectedRevision, options?: CallOptions): Promise<void> {
    return this.living().deleteStream(stream, expected, options);
  }

  async head(): Promise<bigint> {
    return this.living().head();
  }

  /** The log itself lives on. */
  async close(): Promise<void> {}

  private living(): EventStore {
    if (this.appendsLeft < 0 || (this.appendsLeft === 0 && !this.readsOn))
      throw new ProcessEnded('The process has ended.');
    return this.log;
  }
}
