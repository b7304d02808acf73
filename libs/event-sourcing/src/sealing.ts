import { openBox, sealBox } from '#platform/sealed-box.js';

/**
 * The sealed part of a stored event: base64 in the field `sealed`, beside the structure. Bound to stream and event id,
 * so a ciphertext moved to another event does not open.
 */
const CONTENTS = 1;
/** The box holds the id of an artifact, and that holds the contents: for events too large for the log. */
const ARTIFACT = 2;

export type Unsealed = { readonly contents: string } | { readonly artifactId: string };

const boundTo = (stream: string, eventId: string): string => `${stream}\n${eventId}`;

export const sealContents = (key: Buffer, contents: string, stream: string, eventId: string): string =>
  sealBox(key, contents, boundTo(stream, eventId), CONTENTS).toString('base64');

export const sealArtifactId = (key: Buffer, artifactId: string, stream: string, eventId: string): string =>
  sealBox(key, artifactId, boundTo(stream, eventId), ARTIFACT).toString('base64');

/** @throws Error when it was sealed under another key or for another event */
export const unseal = (key: Buffer, sealed: string, stream: string, eventId: string): Unsealed => {
  const box = Buffer.from(sealed, 'base64');
  const text = openBox(key, box, boundTo(stream, eventId)).toString();
  if (box[0] === CONTENTS) return { contents: text };
  if (box[0] === ARTIFACT) return { artifactId: text };
  throw new Error(`Event ${eventId} in ${stream} is sealed in format ${box[0]}, which this version does not know.`);
};
