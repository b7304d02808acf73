import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { isDuplicate } from '#platform/mongodb/index.js';
import type { Blobs } from '../sealed/records.js';
import { unavailable } from './faults.js';
import type { Models } from './models.js';
import type { MongoServer } from './mongo-server.js';

type GridFSBucket = mongoose.mongo.GridFSBucket;
type ObjectId = mongoose.mongo.ObjectId;

interface FileDocument {
  readonly _id: string;
  readonly filename: string;
  readonly length: number;
}

interface ChunkDocument {
  readonly files_id: string;
  readonly n: number;
}

const BUCKET = 'artifacts';
/** A file of some megabytes is up or given up long before. */
const UNFINISHED_MS = 60 * 60 * 1000;
const TRANSFER_MS = 30_000;

/** Ids of one folder are one range of the index, of chunks as of files: `<folder>/…` lies below `<folder>0`. */
const inFolder = (folder: string) => ({ $gte: `${folder}/`, $lt: `${folder}0` });

/**
 * Blobs in GridFS: chunks first, then the document that makes them a file. Each upload has chunks of its own, and a unique
 * index on the file's name lets one of two finish. An upload is noted before its first chunk, so that what a crash leaves
 * between chunks and file is known without looking through all chunks.
 */
export class GridBlobs implements Blobs {
  private readonly bucket: GridFSBucket;

  private constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {
    this.bucket = new mongoose.mongo.GridFSBucket(this.database, { bucketName: BUCKET });
  }

  static async open(server: MongoServer, models: Models): Promise<GridBlobs> {
    const blobs = new GridBlobs(server, models);
    await server.ask(async () => {
      await blobs.files.createIndex({ filename: 1 }, { unique: true });
      // The driver's own two: it would make them with the first upload, in the middle of it.
      await blobs.files.createIndex({ filename: 1, uploadDate: 1 });
      await blobs.chunks.createIndex({ files_id: 1, n: 1 }, { unique: true });
    });
    await blobs.removeUnfinished();
    return blobs;
  }

  async has(folder: string, name: string): Promise<boolean> {
    return (await this.find(folder, name)) !== undefined;
  }

  async write(folder: string, name: string, content: Uint8Array): Promise<void> {
    const id = `${folder}/${randomUUID()}`;
    const since = await this.server.now();
    await this.server.ask(() => this.models.uploads.insertOne({ _id: id, since }));
    try {
      await this.server.ask(() => this.upload(id, `${folder}/${name}`, content), TRANSFER_MS);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Another upload of the same was faster: that one is the file.
      await this.removeUpload(id);
      return;
    }
    const { deletedCount } = await this.server.ask(() => this.models.uploads.deleteOne({ _id: id }));
    if (deletedCount > 0) return;
    // So slow that its chunks were cleared away as a dead one's.
    await this.server.ask(() => this.files.deleteOne({ _id: id }));
    throw unavailable('an artifact took too long to be written');
  }

  async read(folder: string, name: string): Promise<Buffer | undefined> {
    const file = await this.find(folder, name);
    if (!file) return undefined;
    try {
      const content = await this.server.ask(() => this.download(file), TRANSFER_MS);
      if (content) return content;
    } catch (error) {
      // Deleted while it was read: then it is absent, not broken.
      if (await this.find(folder, name)) throw error;
      return undefined;
    }
    if (!(await this.find(folder, name))) return undefined;
    throw new Error(`The artifact ${folder}/${name} has fewer bytes than it was written with.`);
  }

  /** By range, not by file: chunks that no file names any more, or not yet, go too. */
  async removeFolder(folder: string): Promise<void> {
    await this.server.ask(() => this.files.deleteMany({ _id: inFolder(folder) }), TRANSFER_MS);
    await this.server.ask(() => this.chunks.deleteMany({ files_id: inFolder(folder) }), TRANSFER_MS);
  }

  /** What uploads that died left behind. An upload's note outlives the deletion of its folder: it may still be writing. */
  async removeUnfinished(): Promise<void> {
    const before = (await this.server.now()) - UNFINISHED_MS;
    const old = await this.server.ask(() => this.models.uploads.find({ since: { $lte: before } }).lean());
    for (const { _id } of old) {
      const file = await this.server.ask(() => this.files.findOne({ _id }, { projection: { _id: 1 } }));
      if (file) await this.server.ask(() => this.models.uploads.deleteOne({ _id }));
      else await this.removeUpload(_id);
    }
  }

  private async removeUpload(id: string): Promise<void> {
    await this.server.ask(() => this.chunks.deleteMany({ files_id: id }), TRANSFER_MS);
    await this.server.ask(() => this.models.uploads.deleteOne({ _id: id }));
  }

  private async find(folder: string, name: string): Promise<FileDocument | undefined> {
    return (await this.server.ask(() => this.files.findOne({ filename: `${folder}/${name}` }))) ?? undefined;
  }

  private upload(id: string, filename: string, content: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      // GridFS takes ids of any type; its types know ObjectIds alone.
      const stream = this.bucket.openUploadStreamWithId(id as unknown as ObjectId, filename);
      stream.once('error', reject);
      stream.once('finish', () => resolve());
      stream.end(content);
    });
  }

  /** Undefined when fewer bytes came than were written (the driver ends a file without chunks as if it were empty). */
  private async download({ _id, length }: FileDocument): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.bucket.openDownloadStream(_id as unknown as ObjectId)) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);
    return content.length === length ? content : undefined;
  }

  private get database(): mongoose.mongo.Db {
    return this.server.connection.db!;
  }

  private get files(): mongoose.mongo.Collection<FileDocument> {
    return this.database.collection<FileDocument>(`${BUCKET}.files`);
  }

  private get chunks(): mongoose.mongo.Collection<ChunkDocument> {
    return this.database.collection<ChunkDocument>(`${BUCKET}.chunks`);
  }
}
