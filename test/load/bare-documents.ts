import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Fact } from '#event-sourcing';
import type { CollectionSpec, Documents, Projection } from '#read-store';

const BATCH = 1_000;
const COLUMN_TYPES = { text: 'TEXT', time: 'TEXT', number: 'REAL', boolean: 'INTEGER' } as const;

/**
 * The yardstick of projecting: the loop somebody would write who wanted nothing but the same documents in the same
 * tables with the same indexes, from facts that lie opened in memory. One transaction for 1,000 events, every document
 * kept in memory: nothing is read, opened, compared or sent to another thread.
 */
export class BareDocuments {
  private readonly db: DatabaseSync;
  private readonly upserts = new Map<string, StatementSync>();
  private readonly documents = new Map<string, object>();

  constructor(
    path: string,
    private readonly projections: readonly Projection<Fact>[],
  ) {
    this.db = new DatabaseSync(path);
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    for (const collection of projections.flatMap(({ collections }) => collections)) this.create(collection);
  }

  project(facts: readonly Fact[]): void {
    for (let at = 0; at < facts.length; at += BATCH) {
      this.db.exec('BEGIN IMMEDIATE');
      for (const projection of this.projections) this.batch(projection, facts.slice(at, at + BATCH));
      this.db.exec('COMMIT');
    }
  }

  close(): void {
    this.db.close();
  }

  private create({ name, fields, indexes }: CollectionSpec): void {
    const columns = Object.entries(fields).map(([field, type]) => `"${field}" ${COLUMN_TYPES[type]}`);
    this.db.exec(`CREATE TABLE "${name}" (_id TEXT NOT NULL UNIQUE, ${columns.join(', ')}, _body TEXT)`);
    for (const [index, keys] of indexes.entries()) {
      const listed = keys.map((key) => `"${key}"`).join(', ');
      this.db.exec(`CREATE INDEX "${name}#${index}" ON "${name}" (${listed}, _id)`);
    }
    const all = [...Object.keys(fields), '_body'];
    this.upserts.set(
      name,
      this.db.prepare(
        `INSERT INTO "${name}" (${all.map((field) => `"${field}"`).join(', ')}, _id)
         VALUES (${all.map(() => '?').join(', ')}, ?)
         ON CONFLICT (_id) DO UPDATE SET ${all.map((field) => `"${field}" = excluded."${field}"`).join(', ')}`,
      ),
    );
  }

  private batch(projection: Projection<Fact>, facts: readonly Fact[]): void {
    const touched = new Map<string, { collection: CollectionSpec; id: string }>();
    const documents: Documents = {
      get: <D extends object>({ name }: CollectionSpec, id: string) =>
        this.documents.get(`${name}/${id}`) as D | undefined,
      put: (collection, id, document) => {
        this.documents.set(`${collection.name}/${id}`, document);
        touched.set(`${collection.name}/${id}`, { collection, id });
      },
      remove: (collection, id) => this.documents.delete(`${collection.name}/${id}`),
    };
    const wanted = new Set(projection.types);
    for (const fact of facts) if (wanted.has(fact.type)) projection.apply(fact, documents);
    for (const [key, { collection, id }] of touched) {
      const document = this.documents.get(key) as Record<string, string | number | null> | undefined;
      if (!document) continue;
      const values = Object.keys(collection.fields).map((field) => document[field] ?? null);
      this.upserts.get(collection.name)!.run(...values, JSON.stringify(document), id);
    }
  }
}
