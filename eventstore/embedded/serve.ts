import type { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import { EventStoreError } from '../port/index.js';
import { type Refusal, refusal, storageRefusal } from './refusal.js';

/** What a worker says: first whether it opened, then one answer for each question, in order. */
export type WorkerMessage<Answer> =
  | { readonly kind: 'ready'; readonly head: number }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'answer'; readonly answer: Answer };

export type LaneMessage<Question> = { readonly kind: 'ask'; readonly question: Question } | { readonly kind: 'close' };

export interface Served<Question, Answer> {
  readonly db: DatabaseSync;
  readonly head: number;
  readonly answer: (question: Question) => { answer: Answer; transfer: ArrayBuffer[] };
}

/** The worker's side of a lane. An error nobody expected ends the worker: the lane notices and starts another. */
export function serve<Question, Answer>(open: () => Served<Question, Answer>): void {
  const port = parentPort;
  if (!port) throw new Error('This file runs in a worker thread only.');
  const say = (message: WorkerMessage<Answer>, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  let served: Served<Question, Answer>;
  try {
    served = open();
  } catch (error) {
    const known = error instanceof EventStoreError;
    say({
      kind: 'failed',
      refusal: known ? refusal(error.code, error.message, error.details) : storageRefusal(error, 'opening the log'),
    });
    port.close();
    return;
  }
  port.on('message', (message: LaneMessage<Question>) => {
    if (message.kind === 'close') {
      served.db.close();
      port.close();
      return;
    }
    const { answer, transfer } = served.answer(message.question);
    say({ kind: 'answer', answer }, transfer);
  });
  say({ kind: 'ready', head: served.head });
}
