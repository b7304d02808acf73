import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { type Gate, type Rights, requireRead } from '../access.js';
import { accessDenied, notReady } from '../errors.js';
import type { NodeLog } from '../log/node-log.js';
import { readRequest } from './read-requests.js';
import { EventSender, readAll, readStream } from './reading.js';
import { type ReadCall, Sending } from './sending.js';
import { followAll, followStream } from './subscribing.js';

/** Answers one call of Read, until it is done or nobody listens any more. @throws what refuses it */
export async function read(call: ReadCall<ReadReq>, log: NodeLog, gate: Gate): Promise<void> {
  const out = new Sending(call);
  try {
    await answer(call, out, log, gate);
  } finally {
    out.finish();
  }
}

async function answer(call: ReadCall<ReadReq>, out: Sending<ReadReq>, log: NodeLog, gate: Gate): Promise<void> {
  const rights = await gate.admit(call);
  const request = readRequest(call.request);
  if ('stream' in request) requireRead(rights, request.stream);
  const sender = new EventSender(log, rights, out, request);
  switch (request.kind) {
    case 'stream':
      return readStream(log, sender, request);
    case 'all':
      return readAll(log, sender, request, rights.prefixes);
    case 'stream-subscription':
      return follow(out, log, rights, (signal) => followStream({ log, sender, signal }, request));
    case 'all-subscription':
      return follow(out, log, rights, (signal) => followAll({ log, sender, signal }, request, rights.prefixes));
  }
}

/** A subscription ends with its caller, or with an error: clients take a quiet end for the end of everything. */
async function follow(
  out: Sending<ReadReq>,
  log: NodeLog,
  { ended }: Rights,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await run(ended ? AbortSignal.any([out.signal, ended]) : out.signal);
  if (out.isOver) return;
  throw ended?.aborted ? accessDenied() : log.isClosed ? notReady() : new Error('A subscription ended by itself.');
}
