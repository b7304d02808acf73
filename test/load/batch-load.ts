import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './batch-client.js';

export const forkOf = (file: string): ChildProcess => fork(fileURLToPath(new URL(file, import.meta.url)));

export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${code}.`);
  });
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [Message];
  failed.catch(() => {});
  return message;
}

/** So much load for so long, from a process of its own. */
export async function measure(load: Load): Promise<LoadResult> {
  const client = forkOf('./batch-client.js');
  try {
    client.send(load);
    return await nextMessage<LoadResult>(client);
  } finally {
    client.kill();
  }
}
