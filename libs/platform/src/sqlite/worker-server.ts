import { parentPort, workerData } from 'node:worker_threads';
import { toWire } from './wire-error.js';
import type { WorkerMethods } from './worker-client.js';
import { OPENED, type WorkerAnswer, type WorkerCall } from './worker-messages.js';

/**
 * The worker's side of {@link WorkerClient}: `open` opens the file and returns the methods and what to do at the end.
 * A method that throws answers its error and the worker goes on.
 */
export const serveWorker = <Data>(open: (data: Data) => { methods: WorkerMethods; close(): void }): void => {
  const port = parentPort;
  if (!port) throw new Error('serveWorker is for worker threads.');
  const answer = (message: WorkerAnswer): void => port.postMessage(message);
  try {
    const { methods, close } = open(workerData as Data);
    port.on('message', (message: WorkerCall | 'close') => {
      if (message === 'close') {
        close();
        port.close();
        return;
      }
      const { id, method, args } = message;
      try {
        answer({ id, result: methods[method]!(...args) });
      } catch (error) {
        answer({ id, error: toWire(error) });
      }
    });
    answer({ id: OPENED, result: null });
  } catch (error) {
    answer({ id: OPENED, error: toWire(error) });
    port.close();
  }
};
