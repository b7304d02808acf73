import { createHash, createHmac } from 'node:crypto';
import { stringify } from 'uuid';
import type { ArtifactRef, Artifacts, DataKeys, Subject } from '#ops-store';
import { notFound } from '#platform';
import { openBox, sealBox } from '#platform/sealed-box.js';
import type { MasterKeys } from './master-keys.js';
import type { Blobs } from './records.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * An artifact's id is a hash of its content under the subject's own key: the same content of one subject is one blob
 * without an index to keep, and to anybody without the key the id says nothing, not even that two subjects hold the same.
 */
const idOf = (key: Buffer, digest: string): string =>
  stringify(createHmac('sha256', key).update(`artifact\n${digest}`).digest().subarray(0, 16).map(asVersion8));

/** RFC 9562: version 8 is for ids made by a rule of one's own. */
const asVersion8 = (byte: number, at: number): number => {
  if (at === 6) return (byte & 0x0f) | 0x80;
  return at === 8 ? (byte & 0x3f) | 0x80 : byte;
};

const boundTo = (subject: Subject, artifactId: string): string => `artifact\n${subject}\n${artifactId}`;

export class SealedArtifacts implements Artifacts {
  constructor(
    private readonly blobs: Blobs,
    private readonly keys: DataKeys,
    private readonly master: MasterKeys,
  ) {}

  /** @throws VerbatimError not_found (the subject's key was destroyed) | storage_unavailable */
  async put(subject: Subject, content: Uint8Array): Promise<ArtifactRef> {
    const key = await this.keys.obtain(subject);
    if (key.state === 'destroyed') throw notFound('subject of this artifact');
    const digest = sha256(content);
    const artifactId = idOf(key.key, digest);
    try {
      await this.keep(subject, artifactId, key.key, content);
    } finally {
      // Deleted while it was being written, perhaps after its folder was emptied, perhaps under the writer's feet.
      await this.refuseIfDestroyed(subject);
    }
    return { artifactId, sha256: digest, bytes: content.length };
  }

  async get(subject: Subject, artifactId: string): Promise<Buffer | undefined> {
    if (!UUID.test(artifactId)) return undefined;
    const key = await this.keys.find(subject);
    if (key?.state !== 'live') return undefined;
    const box = await this.blobs.read(this.folderOf(subject), artifactId);
    if (!box) return undefined;
    const content = openBox(key.key, box, boundTo(subject, artifactId));
    if (idOf(key.key, sha256(content)) !== artifactId)
      throw new Error(`Artifact ${artifactId} of ${subject} does not match its hash.`);
    return content;
  }

  deleteAll(subject: Subject): Promise<void> {
    return this.blobs.removeFolder(this.folderOf(subject));
  }

  private async keep(subject: Subject, artifactId: string, key: Buffer, content: Uint8Array): Promise<void> {
    const folder = this.folderOf(subject);
    if (await this.blobs.has(folder, artifactId)) return;
    await this.blobs.write(folder, artifactId, sealBox(key, content, boundTo(subject, artifactId)));
  }

  private async refuseIfDestroyed(subject: Subject): Promise<void> {
    if ((await this.keys.find(subject))?.state !== 'destroyed') return;
    await this.deleteAll(subject);
    throw notFound('subject of this artifact');
  }

  private folderOf(subject: Subject): string {
    return this.master.name('artifacts', subject);
  }
}
