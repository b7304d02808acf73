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
});
