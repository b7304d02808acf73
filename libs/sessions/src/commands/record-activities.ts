import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { recordActivities, wholeBatch } from '../session.decider.js';
import type { ActivityItem, BatchAnswer } from '../session.requests.js';
import { Sessions } from '../sessions.js';

/**
 * One append takes 1,000,000 bytes. What is sealed grows by a third, its structure may stand beside it once more, and each
 * event has an envelope and metadata of about 1,000 bytes: this much raw JSON always fits, whatever it holds.
 */
const SLICE_BYTES = 300_000;
const SLICE_EVENTS = 250;

/** One batch of what happened, in the caller's order, each item judged by itself. */
export class RecordActivities extends Command<BatchAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly items: readonly ActivityItem[],
  ) {
    super();
  }
}

@CommandHandler(RecordActivities)
export class RecordActivitiesHandler implements ICommandHandler<RecordActivities> {
  constructor(private readonly sessions: Sessions) {}

  /** Slices are appended in order, so whatever fails leaves a batch that was taken up to there: asked again, the rest goes in. */
  async execute({ context, orgId, sessionId, items }: RecordActivities): Promise<BatchAnswer> {
    const answers: BatchAnswer[] = [];
    let firstIndex = 0;
    for (const slice of slices(items)) {
      const request = { now: context.receivedAt, via: context.actor.via, items: slice, firstIndex };
      answers.push(await this.sessions.decide(context, orgId, sessionId, (state) => recordActivities(state, request)));
      firstIndex += slice.length;
    }
    return wholeBatch(answers);
  }
}

function* slices(items: readonly ActivityItem[]): Generator<readonly ActivityItem[]> {
  let slice: ActivityItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item) ?? '');
    if (slice.length > 0 && (bytes + size > SLICE_BYTES || slice.length >= SLICE_EVENTS)) {
      yield slice;
      slice = [];
      bytes = 0;
    }
    slice.push(item);
    bytes += size;
  }
  yield slice;
}
