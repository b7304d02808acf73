const OLDEST_NODE = 24;

// Before anything else is loaded: an older Node fails on the first import, with words nobody understands.
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  console.error(
    `Verbatim needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}. ` +
      'Start it with `npm run start:scoring`, which brings the right one, or install it from https://nodejs.org.',
  );
  process.exit(1);
}

const { main } = await import('./start.js');
await main();
