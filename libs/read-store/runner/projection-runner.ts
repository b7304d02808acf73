import { LRUCache } from 'lru-cache';
import {
  ConcurrentProjectionError,
  type DocumentRef,
  type DocumentWrite,
  type ProjectableEvent,
  type Projection,
  type ProjectionBuild,
  type Quarantine,
  type ReadStore,
  ReadStoreError,
  type StoredBuild,
  type StoredDocument,
} from '#read-store';
import { Batch, documentKey } from './batch.js';
import type { Incoming } from './incoming.js';
import type { ProjectionBoard } from './projection-board.js';

export interface RunnerOptions {
  /** Documents kept in memory between batches. Compare-and-set finds out when one is not the newest. */
  readonly cachedDocuments?: number;
  /** A checkpoint that no document goes with is written at most this often: after a crash those events are read again. */
  readonly idleCheckpointMs?: number;
}

/** An event and what it may touch; `poison` when it cannot be projected. */
interface Planned<Event extends ProjectableEvent> {
  readonly event: Event;
  readonly refs: readonly DocumentRef[];
  readonly poison?: string;
}

interface Poison {
  readonly event: ProjectableEvent;
  readonly reason: string;
}

/** Takes one build of a projection along the log. Batches come one at a time, in the order of positions. */
export class ProjectionRunner<Event extends ProjectableEvent> {
  private readonly cache: LRUCache<string, StoredDocument>;
  private readonly types: ReadonlySet<string>;
  private readonly quarantine = new Map<string, Quarantine>();
  private readonly idleCheckpointMs: number;
  private saved: bigint;
  private savedAt = performance.now();
  private current: bigint;
  private stored: StoredBuild;

  private constructor(
    private readonly store: ReadStore,
    private readonly board: ProjectionBoard,
    readonly projection: Projection<Event>,
    stored: StoredBuild,
    quarantined: readonly Quarantine[],
    options: RunnerOptions,
  ) {
    this.types = new Set(projection.types);
    this.stored = stored;
    this.saved = stored.checkpoint;
    this.current = stored.checkpoint;
    this.cache = new LRUCache({ max: options.cachedDocuments ?? 5000 });
    this.idleCheckpointMs = options.idleCheckpointMs ?? 1000;
    for (const entry of quarantined) this.quarantine.set(entry.stream, entry);
  }

  static async start<Event extends ProjectableEvent>(
    store: ReadStore,
    board: ProjectionBoard,
    projection: Projection<Event>,
    stored: StoredBuild,
    options: RunnerOptions = {},
  ): Promise<ProjectionRunner<Event>> {
    const quarantined = await store.quarantined(stored);
    const runner = new ProjectionRunner(store, board, projection, stored, quarantined, options);
    runner.report();
    return runner;
  }

  get build(): StoredBuild {
    return this.stored;
  }

  /** Everything up to here is projected. */
  get position(): bigint {
    return this.current;
  }

  get quarantined(): readonly Quarantine[] {
    return [...this.quarantine.values()];
  }

  /** Projects the events it has not seen; `upTo` is how far the log was looked through. @throws ReadStoreError */
  async process(incoming: readonly Incoming<Event>[], upTo: bigint): Promise<void> {
    while (this.stored.state !== 'stopped' && this.current < upTo) {
      try {
        await this.project(incoming, upTo);
      } catch (error) {
        // Whoever asks again with the same batch must find documents as they are stored, not half folded.
        this.cache.clear();
        if (!(error instanceof ConcurrentProjectionError)) throw error;
        await this.reload();
      }
    }
  }

  async setState(state: StoredBuild['state'], reason: string | null = null): Promise<void> {
    await this.store.setState(this.stored, state, reason ?? undefined);
    this.stored = { ...this.stored, state, stoppedReason: reason };
    this.report();
  }

  /** Another build took over: the store has this one as retired already. */
  noteRetired(): void {
    this.stored = { ...this.stored, state: 'retired' };
    this.report();
  }

  /** Writes the checkpoint when it is only in memory. */
  async flush(): Promise<void> {
    if (this.saved < this.current) await this.save([], this.current);
  }

  private async project(incoming: readonly Incoming<Event>[], upTo: bigint): Promise<void> {
    const planned = this.plan(incoming);
    for (;;) {
      const batch = new Batch(this.projection, await this.load(planned.flatMap(({ refs }) => refs)));
      const poison = (await this.fold(batch, planned)) ?? (await this.commit(batch.writes(), planned, upTo));
      if (!poison) return;
      // What the event did before it failed may have changed documents in place: fold again from the stored ones.
      this.cache.clear();
      if (this.projection.onPoison === 'stop') return this.stopBefore(poison, incoming);
      await this.putInQuarantine(poison);
    }
  }

  private plan(incoming: readonly Incoming<Event>[]): readonly Planned<Event>[] {
    const planned: Planned<Event>[] = [];
    for (const { event, unreadable } of incoming) {
      if (event.position <= this.current || !this.types.has(event.type)) continue;
      try {
        const refs = this.projection.touches(event);
        if (unreadable !== undefined) planned.push({ event, refs, poison: unreadable });
        else if (refs.length) planned.push({ event, refs });
      } catch (error) {
        planned.push({ event, refs: [], poison: unreadable ?? (error as Error).message });
      }
    }
    return planned;
  }

  private async load(refs: readonly DocumentRef[]): Promise<ReadonlyMap<string, StoredDocument | undefined>> {
    const documents = new Map<string, StoredDocument | undefined>();
    const missing = new Map<string, string[]>();
    for (const { collection, id } of refs) {
      const key = documentKey(collection.name, id);
      if (documents.has(key)) continue;
      const cached = this.cache.get(key);
      documents.set(key, cached);
      if (cached) continue;
      const ids = missing.get(collection.name);
      if (ids) ids.push(id);
      else missing.set(collection.name, [id]);
    }
    for (const [collection, ids] of missing) {
      for (const [id, document] of await this.store.load(this.stored, collection, ids)) {
        documents.set(documentKey(collection, id), document);
      }
    }
    return documents;
  }

  private async fold(batch: Batch<Event>, planned: readonly Planned<Event>[]): Promise<Poison | undefined> {
    for (const { event, refs, poison } of planned) {
      const quarantined = this.quarantine.get(event.stream);
      if (quarantined && event.position >= quarantined.position) {
        batch.markStale(event, refs);
      } else if (poison !== undefined) {
        return { event, reason: poison };
      } else {
        const failed = await this.applyOne(batch, event, refs);
        if (failed) return failed;
      }
    }
    return undefined;
  }

  private async applyOne(batch: Batch<Event>, event: Event, refs: readonly DocumentRef[]): Promise<Poison | undefined> {
    const poison = (error: unknown): Poison => ({ event, reason: (error as Error).message });
    let also: readonly DocumentRef[];
    try {
      also = batch.alsoTouched(event, refs);
    } catch (error) {
      return poison(error);
    }
    const missing = also.filter((ref) => !batch.has(ref));
    // Outside of what is caught: a store in trouble says nothing about the event.
    if (missing.length) batch.add(await this.load(missing));
    try {
      batch.apply(event, also.length ? [...refs, ...also] : refs);
    } catch (error) {
      return poison(error);
    }
    return undefined;
  }

  /** Answers the event that made a document which cannot be stored, when there is one. */
  private async commit(
    writes: readonly DocumentWrite[],
    planned: readonly Planned<Event>[],
    upTo: bigint,
  ): Promise<Poison | undefined> {
    try {
      if (writes.length || performance.now() - this.savedAt >= this.idleCheckpointMs) await this.save(writes, upTo);
    } catch (error) {
      const made = invalidDocument(error, writes);
      const event = made && planned.find(({ event }) => event.position === made.position)?.event;
      if (!event) throw error;
      return { event, reason: (error as Error).message };
    }
    this.current = upTo;
    this.board.advance(this.stored, upTo);
    return undefined;
  }

  private async save(writes: readonly DocumentWrite[], upTo: bigint): Promise<void> {
    await this.store.commit(this.stored, writes, upTo);
    // A flush may have been under way when a batch came to its end.
    if (upTo > this.saved) this.saved = upTo;
    this.savedAt = performance.now();
    for (const write of writes) this.cache.set(documentKey(write.collection, write.id), write);
  }

  /** Quarantined first, committed then: a crash in between finds the mark, and folds up to it again. */
  private async putInQuarantine({ event, reason }: Poison): Promise<void> {
    const entry = { stream: event.stream, position: event.position, reason };
    await this.store.quarantine(this.stored, entry);
    this.quarantine.set(entry.stream, entry);
  }

  private async stopBefore(poison: Poison, incoming: readonly Incoming<Event>[]): Promise<void> {
    const good = incoming.filter(({ event }) => event.position < poison.event.position);
    const last = good.at(-1)?.event.position ?? this.current;
    if (last > this.current) await this.project(good, last);
    const { id, type, stream, revision } = poison.event;
    const reason = `Event ${id} (${type}, ${stream} revision ${revision}) cannot be projected: ${poison.reason}`;
    if (this.stored.state !== 'stopped') await this.setState('stopped', reason);
  }

  /** Another projector wrote: what is in memory may be old. */
  private async reload(): Promise<void> {
    const builds = await this.store.builds();
    const stored = builds.find((build) => sameBuild(this.stored, build));
    if (!stored)
      throw new ReadStoreError('unknown_build', `${this.projection.name} was dropped while it was projected.`);
    this.stored = stored;
    this.quarantine.clear();
    for (const entry of await this.store.quarantined(stored)) this.quarantine.set(entry.stream, entry);
    if (stored.checkpoint > this.current) this.current = stored.checkpoint;
    this.report();
  }

  private report(): void {
    this.board.report({ ...this.stored, position: this.current });
  }
}

export const sameBuild = (a: ProjectionBuild, b: ProjectionBuild): boolean =>
  a.name === b.name && a.version === b.version && a.build === b.build;

const invalidDocument = (error: unknown, writes: readonly DocumentWrite[]): DocumentWrite | undefined => {
  if (!(error instanceof ReadStoreError) || error.code !== 'invalid_document') return undefined;
  const { collection, id } = error.details;
  return writes.find((write) => write.collection === collection && write.id === id);
};
