// Runs on any Node: says what to install instead of failing on syntax or on a missing node:sqlite.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Verbatim needs Node 24 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'On Linux and Windows `npm ci` brings one (optional dependency node-*): do not omit optional packages.\n' +
      'Elsewhere install Node 24 from https://nodejs.org and try again.',
  );
  process.exit(1);
}
