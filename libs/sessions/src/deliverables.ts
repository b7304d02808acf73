import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OpsStore, type Subject } from '#ops-store';
import { VerbatimError } from '#platform';
import type { DeliverableRef } from './session.requests.js';

export type DeliverableState = Readonly<Record<string, unknown>>;

export interface DeliverableContent {
  readonly bytes: Buffer;
  readonly sha256: string;
}

export const MAX_DELIVERABLE_BYTES = 5 * 1024 * 1024;

const subjectOfSession = (sessionId: string): Subject => `session:${sessionId}`;

/** What a candidate has made so far, as blobs under the session's own key. */
@Injectable()
export class Deliverables {
  constructor(private readonly ops: OpsStore) {}

  /** @throws VerbatimError payload_too_large */
  contentOf(state: DeliverableState): DeliverableContent {
    const bytes = Buffer.from(JSON.stringify(state));
    if (bytes.length > MAX_DELIVERABLE_BYTES)
      throw new VerbatimError(
        'payload_too_large',
        `deliverableState takes ${bytes.length} bytes; ${MAX_DELIVERABLE_BYTES} are allowed.`,
        { param: 'deliverableState', details: { bytes: bytes.length, maxBytes: MAX_DELIVERABLE_BYTES } },
      );
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** Durable when this answers, so that the event which names it never points at nothing. */
  keep(sessionId: string, { bytes }: DeliverableContent): Promise<DeliverableRef> {
    return this.ops.artifacts.put(subjectOfSession(sessionId), bytes);
  }

  /** Null when there is none, or it was erased. */
  async read(sessionId: string, artifactId: string | undefined): Promise<DeliverableState | null> {
    if (artifactId === undefined) return null;
    const content = await this.ops.artifacts.get(subjectOfSession(sessionId), artifactId);
    return content ? (JSON.parse(content.toString()) as DeliverableState) : null;
  }
}
