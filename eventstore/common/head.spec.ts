import { describe, expect, it } from '@jest/globals';
import { Head } from './head.js';

describe('the newest position of a log', () => {
  it('wakes whoever waits for something it has come to, and nobody else', async () => {
    const head = new Head();
    const woken: number[] = [];
    const waits = [0, 4, 9].map((position) =>
      head.beyond(position, new AbortController().signal).then(() => woken.push(position)),
    );
    head.advance(5);
    await Promise.all(waits.slice(0, 2));
    expect(woken).toEqual([0, 4]);
    head.close();
    await Promise.all(waits);
    expect(woken).toEqual([0, 4, 9]);
  });

  it('wakes those who wait in the order of what they wait for, whoever came first, and none that has left', async () => {
    const head = new Head();
    const woken: string[] = [];
    const left = new AbortController();
    const wait = (name: string, position: number, { signal } = new AbortController()): Promise<unknown> =>
      head.beyond(position, signal).then(() => woken.push(name));
    const waits = [wait('third', 7), wait('first', 2), wait('gone', 4, left), wait('second', 5), wait('last', 20)];
    left.abort();
    await waits[2];
    head.advance(10);
    await Promise.all(waits.slice(0, 4));
    expect(woken).toEqual(['gone', 'first', 'second', 'third']);
    head.advance(21);
    await waits[4];
    expect(woken.at(-1)).toBe('last');
  });

  it('is waited for no longer than is said, and what was too late wakes nobody twice', async () => {
    const head = new Head();
    await head.beyondWithin(1, 3);
    expect(head.position).toBe(0);
    const soon = head.beyondWithin(600_000, 3);
    head.advance(4);
    await soon;
    await head.beyondWithin(600_000, 3);
    const closing = head.beyondWithin(600_000, 9);
    head.close();
    await closing;
    expect(head.position).toBe(4);
  });
});
