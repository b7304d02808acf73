import type { NodeLog } from '../log/node-log.js';
import { jsonEvent } from './records.js';
import { type GroupSettings, groupId, placeOf, placeText } from './settings.js';

const TYPE = 'SubscriptionCheckpoint';

/** How far a group came, in a stream of its own: everything up to there is done. */
export class GroupCheckpoint {
  private readonly stream: string;
  private written: bigint | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: NodeLog,
    private readonly settings: GroupSettings,
  ) {
    this.stream = `$persistentsubscription-${groupId(settings)}-checkpoint`;
  }

  get place(): bigint | undefined {
    return this.written;
  }

  async load(): Promise<bigint | undefined> {
    const { events } = await this.log.readStream(this.stream, { direction: 'backwards', from: 'end', limit: 1 });
    const text = events[0] && JSON.parse(Buffer.from(events[0].data).toString('utf8'));
    this.written = typeof text === 'string' ? placeOf(text) : undefined;
    return this.written;
  }

  /** One after another; a place that stands already is not written again. */
  write(place: bigint): Promise<void> {
    const work = this.writing.then(async () => {
      if (place === this.written) return;
      await this.log.append(this.stream, 'any', [jsonEvent(TYPE, placeText(this.settings.source, place))]);
      this.written = place;
    });
    this.writing = work.catch(() => {});
    return work;
  }

  async remove(): Promise<void> {
    await this.writing;
    if (
      (await this.log.readStream(this.stream, { direction: 'backwards', from: 'end', limit: 1 })).lastRevision !== null
    )
      await this.log.deleteStream(this.stream, 'any');
  }
}
