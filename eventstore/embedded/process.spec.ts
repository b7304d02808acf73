import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { wholeLog } from '../contract/given.js';
import { Child } from './testing/child.js';
import { TemporaryDirectory } from './testing/directories.js';

describe('the lock of a data directory', () => {
  it('refuses a second process, and says which directory is taken', async () => {
    await using directory = await TemporaryDirectory.make();
    const store = await directory.open();
    await using child = new Child(directory.path);
    expect(await child.answer()).toEqual({
      refused: 'locked',
      message: expect.stringContaining(directory.path),
    });
    await store.close();
    await using next = new Child(directory.path);
    expect(await next.answer()).toEqual({ opened: directory.path });
  });

  it('refuses a second opening in the same process', async () => {
    await using directory = await TemporaryDirectory.make();
    const store = await directory.open();
    await expect(directory.open()).rejects.toMatchObject({ code: 'locked' });
    await store.close();
  });

  it('is free as soon as its process was killed', async () => {
    await using directory = await TemporaryDirectory.make();
    await using child = new Child(directory.path);
    await child.answer();
    await expect(directory.open()).rejects.toMatchObject({ code: 'locked' });
    await child.kill();
    await (await directory.open()).close();
  });
});

describe('a process killed while it writes', () => {
  it('leaves every acknowledged event once, in order, and no append by halves', async () => {
    await using directory = await TemporaryDirectory.make();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 4; round += 1) {
      await using child = new Child(directory.path);
      await child.answer();
      await sleep(20 + Math.random() * 150);
      await child.kill();
      for (const told of child.told)
        if ('ids' in told)
          for (const [index, id] of told.ids.entries()) acknowledged.set(`${told.stream} ${told.from + index}`, id);

      const store = await directory.open();
      const found = await wholeLog(store, 'start', undefined, 4_096);
      await store.close();
      const kept = new Map(found.map((one) => [`${one.stream} ${one.revision}`, one.id]));
      expect(kept.size).toBe(found.length);
      expect([...acknowledged].filter(([place, id]) => kept.get(place) !== id)).toEqual([]);

      const batches = new Map<string, { size: number; present: number }>();
      for (const one of found) {
        const { batch, size } = JSON.parse(Buffer.from(one.data).toString()) as { batch: number; size: number };
        const key = `${one.stream} ${batch}`;
        batches.set(key, { size, present: (batches.get(key)?.present ?? 0) + 1 });
      }
      expect([...batches].filter(([, { size, present }]) => size !== present)).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(0);
  });
});
