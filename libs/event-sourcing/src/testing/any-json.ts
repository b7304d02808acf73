import fc from 'fast-check';

/** As JSON.parse hands them out: -0, lone surrogates, NUL and an own property called `__proto__` included. */
export const anyJson = fc
  .json({ stringUnit: 'binary', maxDepth: 5 })
  .chain((text) =>
    fc.constantFrom(
      JSON.parse(text),
      JSON.parse(`{"__proto__":${text},"constructor":[-0,1e308,5e-324,"\\ud800\\u0000"]}`),
    ),
  );
