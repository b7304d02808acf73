import { randomUUID } from 'node:crypto';
import { EventStoreError, isEventStoreError } from '../../port/index.js';
import type { Appends } from '../appends.js';
import type { StreamPages } from '../stream-pages.js';

/** What the server does not tell about a group again: what it is for, and where it began. */
export interface GroupRecord {
  readonly types: readonly string[];
  /** Exclusive; the server's own beginning is inclusive. */
  readonly after: string;
}

interface Stored {
  readonly record: GroupRecord | undefined;
  readonly revision: bigint | null;
}

/**
 * Kept as the metadata of a stream that never exists: that needs no administrator as `$…` streams do, and no reader of the
 * port ever sees it.
 */
export class GroupRecords {
  constructor(
    private readonly streams: StreamPages,
    private readonly appends: Appends,
  ) {}

  async load(group: string): Promise<Stored> {
    const ask = { direction: 'backwards', from: 'end', limit: 1, signal: undefined } as const;
    const { events, lastRevision } = await this.streams.page(streamOf(group), ask);
    if (!events[0]) return { record: undefined, revision: lastRevision };
    const stored = JSON.parse(Buffer.from(events[0].data).toString()) as Partial<GroupRecord>;
    const { types, after } = stored;
    return { record: types && after !== undefined ? { types, after } : undefined, revision: lastRevision };
  }

  /** False when somebody else wrote meanwhile. */
  async save(group: string, record: GroupRecord | undefined, { revision }: Stored): Promise<boolean> {
    const event = {
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify(record ?? {})),
      metadata: new Uint8Array(0),
    } as const;
    try {
      await this.appends.append(streamOf(group), revision ?? 'no_stream', [event], undefined);
      return true;
    } catch (error) {
      if (isEventStoreError(error, 'wrong_expected_revision')) return false;
      if (isEventStoreError(error, 'unknown_outcome'))
        throw new EventStoreError(
          'unavailable',
          `Nobody can say whether group "${group}" was kept: ask again.`,
          {},
          { cause: error },
        );
      throw error;
    }
  }
}

const streamOf = (group: string): string => `$$verbatim-group-${group}`;
