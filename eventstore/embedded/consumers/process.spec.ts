import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { events, ids } from '../../contract/given.js';
import { openEmbeddedConsumerGroups } from '../index.js';
import { TemporaryDirectory } from '../testing/directories.js';

const GROUP = 'scoring';
const EVENTS = 2_000;
const script = fileURLToPath(new URL('./testing/consuming-process.js', import.meta.url));

/** Runs the consuming process until it has told `count` lines, kills it, and answers all that it told. */
async function killedAfter(count: number, directory: string): Promise<string[]> {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [script, directory, GROUP], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]);
  const told: string[] = [];
  lines.on('line', (line) => {
    told.push(line);
    if (told.length === count) child.kill('SIGKILL');
  });
  await ended;
  expect(told.length).toBeGreaterThanOrEqual(count);
  return told;
}

describe('consumers killed while they work', () => {
  it('lose no event, and nothing that was parked is handed out again', async () => {
    await using directory = await TemporaryDirectory.make();
    const written = events(EVENTS, 'submitted');
    const clock = new SystemClock();
    let log = await directory.open();
    await log.append('session-1', 'no_stream', written.slice(0, 1_000));
    await log.append('session-2', 'no_stream', written.slice(1_000));
    let groups = await openEmbeddedConsumerGroups({ directory: directory.path, log, clock });
    await groups.ensure(GROUP, { types: ['submitted'], after: 'start', maxRetries: 1_000 });
    await groups.close();
    await log.close();

    const acknowledged = new Set<string>();
    const parked = new Set<string>();
    for (const count of [1, 250, 400, 300]) {
      for (const line of await killedAfter(count, directory.path)) {
        const [what, id = ''] = line.split(' ');
        expect(parked.has(id)).toBe(false);
        (what === 'parked' ? parked : acknowledged).add(id);
      }
    }

    log = await directory.open();
    groups = await openEmbeddedConsumerGroups({ directory: directory.path, log, clock });
    const listed = new Set<string>();
    for (let offset = 0; ; offset += 500) {
      const page = await groups.parked(GROUP, { limit: 500, offset });
      for (const { event } of page) listed.add(event.id);
      if (page.length < 500) break;
    }
    expect([...parked].filter((id) => !listed.has(id))).toEqual([]);
    expect(await groups.replayParked(GROUP)).toBe(listed.size);
    const rest = new Set<string>();
    for await (const delivery of groups.consume(GROUP)) {
      rest.add(delivery.event.id);
      await delivery.ack();
      const { position } = (await groups.status(GROUP))!;
      if (position === (await log.head())) break;
    }
    expect(ids(written).filter((id) => !acknowledged.has(id) && !rest.has(id))).toEqual([]);
    await groups.close();
  });
});
