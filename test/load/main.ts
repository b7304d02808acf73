import { availableParallelism, loadavg, totalmem } from 'node:os';
import { type BenchResult, table } from './bench.js';
import { codingBenches } from './coding.bench.js';
import { cohortBenches } from './cohorts.bench.js';
import { consumerBenches } from './consumers.bench.js';
import { eventLogBenches } from './event-log.bench.js';
import { httpIngestBenches } from './http-ingest.bench.js';
import { judgingBenches } from './judging.bench.js';
import { latencyBenches } from './latency.bench.js';
import { listBenches } from './lists.bench.js';
import { mongoReadStoreBenches } from './mongo-read-store.bench.js';
import { projectingBenches } from './projecting.bench.js';
import { scorerProcessBenches } from './scorer-processes.bench.js';
import { scoringBenches } from './scoring.bench.js';
import { wireBenches } from './wire.bench.js';

/** Every row file of this folder; a new one adds its list here. */
const BENCHES = [
  ...eventLogBenches,
  ...consumerBenches,
  ...wireBenches,
  ...projectingBenches,
  ...listBenches,
  ...mongoReadStoreBenches,
  ...httpIngestBenches,
  ...latencyBenches,
  ...cohortBenches,
  ...codingBenches,
  ...judgingBenches,
  ...scoringBenches,
  ...scorerProcessBenches,
];

const [filter = ''] = process.argv.slice(2);
const chosen = BENCHES.filter(({ name }) => name.includes(filter));
if (chosen.length === 0) {
  console.error(`No benchmark has "${filter}" in its name. There are: ${BENCHES.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

/** What else runs on the machine takes from both sides, though not always the same from each. */
const loadBefore = loadavg()[0]!.toFixed(1);
const results: BenchResult[] = [];
for (const bench of chosen) {
  console.error(`${bench.name} …`);
  results.push(...(await bench.run()));
}
const memory = Math.round(totalmem() / 2 ** 30);
const load = `load of the machine ${loadBefore} before, ${loadavg()[0]!.toFixed(1)} after`;
console.log(`Node ${process.version}, ${availableParallelism()} cores, ${memory} GiB, ${load}\n\n${table(results)}`);
