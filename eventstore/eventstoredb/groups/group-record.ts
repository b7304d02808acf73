import { createHash, randomUUID } from 'node:crypto';
import { EventStoreError, isEventStoreError } from '../../port/index.js';
import type { Appends } from '../appends.js';
import type { StreamPages } from '../stream-pages.js';

/** What the server does not tell about a group again: what it is for, where it began, and which of its groups it is. */
export interface GroupRecord {
  readonly types: readonly string[];
  /** Exclusive; the server's own beginning is inclusive. */
  readonly after: string;
  /** One more with each change of types: a filter cannot be changed, so each has a group of its own on the server. */
  readonly generation: number;
}

interface Stored {
  readonly record: GroupRecord | undefined;
  /** The newest there was, of a removed group too: a name is never used a second time. */
  readonly generation: number;
  readonly revision: bigint | null;
}

const MARK = '~';

/** What a generation is called on the server: whoever finds it there knows which types it lets through. */
export function serverName(group: string, { generation, types }: Pick<GroupRecord, 'generation' | 'types'>): string {
  const hash = createHash('sha256').update(JSON.stringify(types)).digest('hex').slice(0, 8);
  return `${group}${MARK}${generation}.${hash}`;
}

/** Undefined when this is no group of the server that belongs to `group`; the port's names have no `~`. */
export function generationOf(group: string, name: string): number | undefined {
  const prefix = `${group}${MARK}`;
  return name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : undefined;
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
    if (!events[0]) return { record: undefined, generation: 0, revision: lastRevision };
    const stored = JSON.parse(Buffer.from(events[0].data).toString()) as Partial<GroupRecord>;
    const { types, after, generation = 0 } = stored;
    const record = types && after !== undefined ? { types, after, generation } : undefined;
    return { record, generation, revision: lastRevision };
  }

  /** Without a record the group is gone, and its generation is kept. False when somebody else wrote meanwhile. */
  async save(group: string, record: GroupRecord | undefined, { generation, revision }: Stored): Promise<boolean> {
    const event = {
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify(record ?? { generation })),
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
