import { blobField, varintField } from '../../common/proto/writer.js';
import type { Appended } from '../log/node-log.js';

const NO_STREAM = Buffer.from([0x12, 0]);

/** Of Append and BatchAppend alike: the revision, or that there is still no stream, and the position. */
function success({ revision, position }: Appended): Buffer {
  const at = Number(position);
  const where = Buffer.concat([varintField(0x08, at), varintField(0x10, at)]);
  return Buffer.concat([revision === null ? NO_STREAM : varintField(0x08, Number(revision)), blobField(0x1a, where)]);
}

export const appendSucceeded = (appended: Appended): Buffer => blobField(0x0a, success(appended));

/** `correlation` and `stream` are fields already. */
export const batchAppendSucceeded = (correlation: Buffer, stream: Buffer, appended: Appended): Buffer =>
  Buffer.concat([correlation, blobField(0x1a, success(appended)), stream]);

/** `status`: a google.rpc.Status. */
export const batchAppendFailed = (correlation: Buffer, stream: Buffer, status: Uint8Array): Buffer =>
  Buffer.concat([correlation, blobField(0x12, status), stream]);

export const correlationField = (uuid: Buffer): Buffer => blobField(0x0a, uuid);

/** stream_identifier of a BatchAppendResp. */
export const streamField = (stream: string): Buffer => blobField(0x22, blobField(0x1a, Buffer.from(stream, 'utf8')));
