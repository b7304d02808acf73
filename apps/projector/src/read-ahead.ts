/**
 * Asks for the next item while the present one is worked on: the log is read and opened while documents are written.
 * End the source (its signal) before leaving early, or leaving waits for the item that was asked for.
 */
export async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Item>> => {
    const asked = iterator.next();
    // Awaited one item later; until then a failure must not count as unhandled.
    asked.catch(() => {});
    return asked;
  };
  let next = ask();
  try {
    for (;;) {
      const item = await next;
      if (item.done) return;
      next = ask();
      yield item.value;
    }
  } finally {
    await iterator.return?.();
  }
}
