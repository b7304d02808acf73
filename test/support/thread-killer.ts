// Loaded before a server: at SIGUSR2 it ends the threads named in KILL_THREADS where they stand, and tells which.

import { isMainThread, type Worker } from 'node:worker_threads';

const named = new Set((process.env['KILL_THREADS'] ?? '').split(','));
const threads = new Map<Worker, string>();

if (isMainThread) {
  process.on('worker', (thread) => {
    const name = thread.threadName;
    if (!name || !named.has(name)) return;
    threads.set(thread, name);
    thread.once('exit', () => threads.delete(thread));
  });
  process.on('SIGUSR2', () => {
    for (const [thread, name] of threads) {
      process.stdout.write(`killed ${name}\n`);
      void thread.terminate();
    }
  });
}
