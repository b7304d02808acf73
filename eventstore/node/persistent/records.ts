import { randomUUID } from 'node:crypto';
import type { EventData } from '../../port/index.js';

const EMPTY = new Uint8Array(0);

/** An event the node writes for itself. */
export const jsonEvent = (type: string, data: unknown): EventData => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  metadata: EMPTY,
});

export const LINK = '$>';

/** A link points at an event by revision and stream. */
export const linkEvent = (target: string, metadata: unknown): EventData => ({
  id: randomUUID(),
  type: LINK,
  contentType: 'application/octet-stream',
  data: Buffer.from(target),
  metadata: Buffer.from(JSON.stringify(metadata)),
});

export const metadataStream = (stream: string): string => `$$${stream}`;

export const METADATA = '$metadata';
