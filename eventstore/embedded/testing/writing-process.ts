// A process of its own that opens a log and writes until it is killed, telling what was acknowledged line by line.

import { isEventStoreError } from '#event-store';
import { event } from '../../contract/given.js';
import { openEmbeddedEventStore } from '../index.js';

const WRITERS = 8;
const [directory = ''] = process.argv.slice(2);
const tell = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

const store = await openEmbeddedEventStore({ directory }).catch((error: unknown) => {
  if (!isEventStoreError(error)) throw error;
  tell({ refused: error.code, message: error.message });
  process.exit(3);
});

async function write(writer: number): Promise<never> {
  const stream = `writer-${process.pid}-${writer}`;
  let last = -1n;
  for (let batch = 0; ; batch += 1) {
    const size = 1 + ((batch + writer) % 5);
    const events = Array.from({ length: size }, (_, index) => event('written', { batch, index, size }));
    const { revision } = await store.append(stream, last < 0n ? 'no_stream' : last, events);
    tell({ stream, from: Number(last) + 1, ids: events.map(({ id }) => id) });
    last = revision;
  }
}

tell({ opened: directory });
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
