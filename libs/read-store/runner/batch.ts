import type {
  Collection,
  DocumentRef,
  Documents,
  DocumentWrite,
  ProjectableEvent,
  Projection,
  StoredDocument,
} from '#read-store';

interface Entry {
  readonly collection: string;
  readonly id: string;
  /** As loaded: what compare-and-set expects, and up to where events are in it already. */
  readonly stored: bigint | null;
  position: bigint | null;
  body: object | null;
  stale: boolean;
  changed: boolean;
}

export const documentKey = (collection: string, id: string): string => `${collection}\u0000${id}`;

/** One batch of events folded in memory over the documents it touches. */
export class Batch<Event extends ProjectableEvent> {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly projection: Projection<Event>,
    documents: ReadonlyMap<string, StoredDocument | undefined>,
  ) {
    this.add(documents);
  }

  has({ collection, id }: DocumentRef): boolean {
    return this.entries.has(documentKey(collection.name, id));
  }

  add(documents: ReadonlyMap<string, StoredDocument | undefined>): void {
    for (const [key, document] of documents) {
      const [collection, id] = key.split('\u0000') as [string, string];
      const position = document?.position ?? null;
      const body = document?.body ?? null;
      const stale = document?.stale ?? false;
      this.entries.set(key, { collection, id, stored: position, position, body, stale, changed: false });
    }
  }

  /** What is only named by the documents of `refs`. */
  alsoTouched(event: Event, refs: readonly DocumentRef[]): readonly DocumentRef[] {
    return this.projection.alsoTouches?.(event, this.documentsFor(event, refs)) ?? [];
  }

  /** What an event that throws has done until then stays in here: fold the batch again from the stored documents. */
  apply(event: Event, refs: readonly DocumentRef[]): void {
    this.projection.apply(event, this.documentsFor(event, refs));
  }

  /** The event cannot be projected, or its stream is quarantined: what it would have touched says so. */
  markStale(event: Event, refs: readonly DocumentRef[]): void {
    for (const { collection, id } of refs) {
      const entry = this.entries.get(documentKey(collection.name, id));
      if (!entry?.body || entry.stale || seen(entry, event)) continue;
      entry.stale = true;
      entry.position = event.position;
      entry.changed = true;
    }
  }

  /** In the order of the projection's collections: documents that others are computed from come last. */
  writes(): readonly DocumentWrite[] {
    const byCollection = new Map<string, DocumentWrite[]>(this.projection.collections.map(({ name }) => [name, []]));
    for (const { collection, id, stored, position, body, stale, changed } of this.entries.values()) {
      if (!changed) continue;
      byCollection.get(collection)!.push({ collection, id, position: position!, body, stale, expected: stored });
    }
    return [...byCollection.values()].flat();
  }

  private documentsFor(event: Event, refs: readonly DocumentRef[]): Documents {
    const entryOf = (collection: Collection<object>, id: string): Entry => {
      const named = refs.some((ref) => ref.id === id && ref.collection.name === collection.name);
      const entry = named ? this.entries.get(documentKey(collection.name, id)) : undefined;
      if (!entry) throw new Error(`${this.projection.name} touches ${collection.name}/${id} without having named it.`);
      return entry;
    };
    const change = (entry: Entry, body: object | null): void => {
      if (seen(entry, event)) return;
      entry.body = body;
      if (!body) entry.stale = false;
      entry.position = event.position;
      entry.changed = true;
    };
    return {
      get: <D extends object>(collection: Collection<D>, id: string) => {
        const entry = entryOf(collection, id);
        // What is put in answer is left aside, so what is changed in place must be a copy.
        const body = seen(entry, event) ? structuredClone(entry.body) : entry.body;
        return (body ?? undefined) as D | undefined;
      },
      put: (collection, id, document) => change(entryOf(collection, id), document),
      // Also where nothing is yet: a projector that lags with older events in hand must find the deletion.
      remove: (collection, id) => change(entryOf(collection, id), null),
    };
  }
}

const seen = (entry: Entry, event: ProjectableEvent): boolean =>
  entry.stored !== null && entry.stored >= event.position;
