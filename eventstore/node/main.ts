import { SettingError } from '#platform';
import { type EmbeddedEventStore, openEmbeddedEventStore } from '../embedded/index.js';
import { isEventStoreError } from '../port/index.js';
import { openGate } from './access.js';
import { EmbeddedNodeLog } from './log/embedded-node-log.js';
import { type RunningNode, startNode } from './node.js';
import { type NodeOptions, nodeOptions } from './options.js';
import { PasswordGate } from './password-gate.js';
import { CannotListen } from './server.js';
import { certificateFile, givenPair, keptPair, type TlsPair } from './tls.js';

const report = (error: unknown): void => console.error(error);

/** `npm run eventstore`: the node alone, on a log of its own. */
async function main(): Promise<void> {
  process.umask(0o077);
  const options = nodeOptions(process.env, process.argv.slice(2));
  const store = await openEmbeddedEventStore({ directory: options.dataDir, report });
  let node: RunningNode;
  try {
    node = await startNode({
      log: new EmbeddedNodeLog(store.engine),
      gate: options.user ? new PasswordGate(options.user) : openGate,
      host: options.host,
      port: options.port,
      tls: await pairOf(options),
      now: Date.now,
      report,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
  stopOnSignals(node, store);
  console.log(welcome(node, options));
}

async function pairOf({ tls, dataDir, host }: NodeOptions): Promise<TlsPair | undefined> {
  if (tls === undefined) return undefined;
  return tls === 'own' ? keptPair(dataDir, host, Date.now()) : givenPair(tls);
}

function welcome(node: RunningNode, { dataDir, tls, user }: NodeOptions): string {
  const ca = tls === 'own' ? `&tlsCAFile=${certificateFile(dataDir)}` : '';
  const who = user
    ? `User ${user.user} may everything, nobody else anything.`
    : 'Everybody on this machine may everything.';
  return [
    `The event store is listening: ${node.connectionString}${ca}`,
    `Its data is in ${dataDir}. ${who}`,
    'Stop with Ctrl-C.',
  ].join('\n');
}

/** Calls under way get a moment, what was acknowledged is durable already; a second signal does not wait. */
function stopOnSignals(node: RunningNode, store: EmbeddedEventStore): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await node.stop();
    await store.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      stop().catch((error: unknown) => {
        report(error);
        process.exit(1);
      });
    });
}

/** One line for what the person at the keyboard can mend. */
function startProblem(error: unknown): unknown {
  const isMendable = error instanceof SettingError || error instanceof CannotListen || isEventStoreError(error);
  return isMendable ? error.message : error;
}

await main().catch((error: unknown) => {
  console.error('The event store did not start:', startProblem(error));
  process.exit(1);
});
