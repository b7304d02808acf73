import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEventStore, openEmbeddedEventStore } from '../index.js';

/** A place for a log. When its block is left, failed or not, its stores are closed and it is gone. */
export class TemporaryDirectory implements AsyncDisposable {
  private readonly stores: EmbeddedEventStore[] = [];

  private constructor(readonly path: string) {}

  static async make(): Promise<TemporaryDirectory> {
    return new TemporaryDirectory(await mkdtemp(join(tmpdir(), 'verbatim-log-')));
  }

  async open(options: { maxPageCount?: number } = {}): Promise<EmbeddedEventStore> {
    return this.closeLater(await openEmbeddedEventStore({ directory: this.path, ...options }));
  }

  closeLater(store: EmbeddedEventStore): EmbeddedEventStore {
    this.stores.push(store);
    return store;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
    await rm(this.path, { recursive: true, force: true });
  }
}
