import { workerData } from 'node:worker_threads';
import { LogWriter } from './log-writer.js';
import type { WriterAnswer, WriterQuestion } from './messages.js';
import { openForWriting, type WriterOptions } from './schema.js';
import { serve } from './serve.js';

serve<WriterQuestion, WriterAnswer>(() => {
  const db = openForWriting(workerData as WriterOptions);
  const writer = new LogWriter(db, false);
  return {
    db,
    head: writer.newest,
    answer: (question) => ({ answer: writer.answer(question), transfer: [] }),
  };
});
