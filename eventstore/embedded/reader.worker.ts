import { workerData } from 'node:worker_threads';
import { LogReader } from './log-reader.js';
import type { ReaderAnswer, ReaderQuestion } from './messages.js';
import { headOf, openForReading } from './schema.js';
import { serve } from './serve.js';

serve<ReaderQuestion, ReaderAnswer>(() => {
  const db = openForReading((workerData as { path: string }).path);
  const reader = new LogReader(db);
  return {
    db,
    head: headOf(db),
    answer: (requests) => {
      const answer = requests.map((request) => reader.read(request));
      return { answer, transfer: answer.flatMap(({ page }) => (page ? [page.rows.bytes.buffer] : [])) };
    },
  };
});
