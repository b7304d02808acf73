import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { VerbatimError } from '#platform';
import type { Blobs } from '../sealed/records.js';

export class MemoryBlobs implements Blobs {
  private readonly folders = new Map<string, Map<string, Buffer>>();

  async has(folder: string, name: string): Promise<boolean> {
    return this.folders.get(folder)?.has(name) ?? false;
  }

  async write(folder: string, name: string, content: Uint8Array): Promise<void> {
    const blobs = this.folders.get(folder) ?? new Map<string, Buffer>();
    this.folders.set(folder, blobs.set(name, Buffer.from(content)));
  }

  async read(folder: string, name: string): Promise<Buffer | undefined> {
    return this.folders.get(folder)?.get(name);
  }

  async removeFolder(folder: string): Promise<void> {
    this.folders.delete(folder);
  }
}

/** `<root>/<first two of the folder>/<folder>/<name>`: no directory grows beyond what file systems like. */
export class FileBlobs implements Blobs {
  private readonly unfinished: string;

  private constructor(private readonly root: string) {
    this.unfinished = join(root, 'unfinished');
  }

  static async open(root: string): Promise<FileBlobs> {
    const blobs = new FileBlobs(root);
    await named(async () => {
      // What a crash left half-written was never answered for.
      await rm(blobs.unfinished, { recursive: true, force: true });
      await mkdir(blobs.unfinished, { recursive: true, mode: 0o700 });
      await syncFolder(root);
    });
    return blobs;
  }

  /** A name stands only for a whole and synced blob, so being there is being durable. */
  async has(folder: string, name: string): Promise<boolean> {
    return named(async () => {
      const file = await found(open(join(this.folder(folder), name), 'r'));
      await file?.close();
      // Another write of it may have renamed and not yet synced.
      if (file) await syncFolder(this.folder(folder));
      return file !== undefined;
    });
  }

  async write(folder: string, name: string, content: Uint8Array): Promise<void> {
    const path = this.folder(folder);
    const scratch = join(this.unfinished, randomUUID());
    await named(async () => {
      try {
        await writeSynced(scratch, content);
        await mkdir(path, { recursive: true, mode: 0o700 });
        await rename(scratch, join(path, name));
      } catch (error) {
        await rm(scratch, { force: true });
        throw error;
      }
      // Innermost first: a name is durable when every folder on the way to it is.
      for (const each of [path, dirname(path), this.root]) await syncFolder(each);
    });
  }

  read(folder: string, name: string): Promise<Buffer | undefined> {
    return named(() => found(readFile(join(this.folder(folder), name))));
  }

  removeFolder(folder: string): Promise<void> {
    const path = this.folder(folder);
    return named(async () => {
      await rm(path, { recursive: true, force: true });
      await found(syncFolder(dirname(path)));
    });
  }

  private folder(folder: string): string {
    return join(this.root, folder.slice(0, 2), folder);
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

const found = async <Result>(asked: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const writeSynced = async (path: string, content: Uint8Array): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Windows opens no folders and needs it not. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const NO_STORAGE = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENFILE']);

/** Trouble with the folder becomes the error that callers know. */
const named = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    const reason = codeOf(error);
    if (typeof reason !== 'string' || !NO_STORAGE.has(reason)) throw error;
    throw new VerbatimError('storage_unavailable', `The folder of artifacts cannot be used: ${reason}.`, {
      details: { store: 'artifacts', reason },
      cause: error,
    });
  }
};
