import { setTimeout as sleep } from 'node:timers/promises';
import type { WholeSettings } from '../../common/group-arguments.js';
import type { Connection } from '../connection.js';
import { type GroupRecord, type GroupRecords, generationOf, serverName } from './group-record.js';
import type { ParkedLinks } from './parked-links.js';
import { listServerGroups, ServerGroup } from './server-group.js';

/** How long it is waited until what was answered last is in a group's place. */
const PLACE_MS = 2_000;

export interface GenerationsParts {
  readonly connection: Connection;
  readonly records: GroupRecords;
  readonly links: ParkedLinks;
  /** The end of the log. */
  readonly head: () => Promise<bigint>;
  /** Waits until the server has taken in what this process answered. */
  readonly settled: (group: string) => Promise<void>;
}

/** The server's group that is ours now. */
export interface Current {
  readonly record: GroupRecord;
  readonly server: ServerGroup;
}

/**
 * The server cannot change the filter of a group, so other types mean another group there, under a name of its own. It is
 * made whole beside the old one, from where that stands and with what that has parked; then the record says that it
 * is the one; then the old one goes. A crash leaves one of them whole in charge, and what is left over is cleared
 * away by whoever asks for the group next.
 */
export class Generations {
  constructor(private readonly parts: GenerationsParts) {}

  /** Undefined when there is no such group. */
  async current(group: string): Promise<Current | undefined> {
    const { record } = await this.parts.records.load(group);
    return record && { record, server: this.server(serverName(group, record)) };
  }

  /** @throws EventStoreError unavailable */
  async ensure(group: string, wanted: WholeSettings, start: bigint | 'end'): Promise<void> {
    const { records, head } = this.parts;
    for (;;) {
      const stored = await records.load(group);
      const { record } = stored;
      const old = record && this.server(serverName(group, record));
      const info = await old?.info();
      if (old && info && record && sameTypes(record.types, wanted.types)) {
        await this.clear(group, record);
        return old.update(info, wanted);
      }
      // Where it stands before what it has parked: what is parked in between is behind that place, and comes again.
      const place = record && (info && old ? await this.placeOf(group, old) : undefined);
      const after = place ?? (record ? BigInt(record.after) : start === 'end' ? await head() : start);
      const next = { types: wanted.types, generation: stored.generation + 1 };
      const began = await this.make(serverName(group, next), wanted, after, info ? old : undefined);
      // Whoever loses here, or has won, finds what holds now when it looks again.
      await records.save(group, { ...next, after: String(began) }, stored);
    }
  }

  async remove(group: string): Promise<void> {
    const { records } = this.parts;
    for (;;) {
      const stored = await records.load(group);
      await this.clear(group, stored);
      if (!stored.record || (await records.save(group, undefined, stored))) return;
    }
  }

  /** Answers where it begins. One that is there already was made by somebody who does, or did, the same. */
  private async make(
    name: string,
    wanted: WholeSettings,
    after: bigint,
    old: ServerGroup | undefined,
  ): Promise<bigint> {
    const { links } = this.parts;
    const server = this.server(name);
    const there = await server.beginning();
    if (there !== undefined) return there;
    // The server counts what is parked when a group is made, so that goes first.
    if (old) await links.copy(old.name, await old.parkedCount(), name);
    return (await server.create(wanted, after)) ? after : ((await server.beginning()) ?? after);
  }

  /** All groups of the server that were ours up to this generation, but for the one in charge. */
  private async clear(
    group: string,
    kept: { readonly generation: number; readonly types?: readonly string[] },
  ): Promise<void> {
    const inCharge = kept.types && serverName(group, { generation: kept.generation, types: kept.types });
    for (const name of await listServerGroups(this.parts.connection)) {
      const generation = generationOf(group, name);
      if (generation !== undefined && generation <= kept.generation && name !== inCharge)
        await this.server(name).remove();
    }
  }

  /** What was answered last is waited for, within reason. Undefined when it has not come to anything yet. */
  private async placeOf(group: string, old: ServerGroup): Promise<bigint | undefined> {
    await this.parts.settled(group);
    const began = performance.now();
    for (;;) {
      const stats = (await old.info())?.stats;
      const place = stats?.lastCheckpointedEventPosition?.commit;
      const known = stats?.lastKnownEventPosition?.commit;
      if ((place !== undefined && place === known) || performance.now() - began > PLACE_MS) return place;
      await sleep(50);
    }
  }

  private server(name: string): ServerGroup {
    return new ServerGroup(this.parts.connection, name);
  }
}

const sameTypes = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((type, index) => type === b[index]);
