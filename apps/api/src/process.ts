import type { INestApplicationContext } from '@nestjs/common';
import type { Logger } from 'pino';
import { isEventStoreError } from '#event-store';
import { SettingError, VerbatimConfig, VerbatimError } from '#platform';
import { ReadStoreError } from '#read-store';
import { createLogger, logLevelFor } from './http/index.js';
import { Outages } from './outages/outages.js';

/** How long a drain may take before the process ends all the same: whatever was acknowledged is durable already. */
const DRAIN_MS = 15_000;

/** What every process of Verbatim has before it has anything else. */
export interface ProcessHouse {
  readonly config: VerbatimConfig;
  readonly logger: Logger;
  readonly outages: Outages;
}

/** One process of Verbatim, from its settings on. Trouble that whoever starts it can mend is one line and exit code 1. */
export async function runProcess(start: (house: ProcessHouse) => Promise<void>): Promise<void> {
  let logger: Logger | undefined;
  // Whatever this process writes (the log with its open structure, too) is for its own user, in a folder anybody may read.
  process.umask(0o077);
  try {
    const config = new VerbatimConfig();
    const outages = new Outages((line) => logger?.warn(line));
    logger = createLogger(logLevelFor(config.logLevel, process.stderr.isTTY), (error) => outages.heard(error));
    await start({ config, logger, outages });
  } catch (error) {
    const reason = startProblem(error);
    if (reason === undefined) logger?.fatal({ err: error }, 'Verbatim did not start.');
    console.error(`Verbatim did not start: ${reason ?? String(error)}`);
    process.exit(1);
  }
}

/** Stops accepting, finishes what is in flight, then projector and stores; a second signal does not wait. */
export function stopOnSignals(
  app: INestApplicationContext,
  { logger, outages }: Pick<ProcessHouse, 'logger' | 'outages'>,
): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'Stopping.');
    setTimeout(() => {
      logger.error('The drain took too long; the rest is left.');
      process.exit(1);
    }, DRAIN_MS).unref();
    outages.end();
    try {
      await app.close();
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, 'The drain failed.');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'An error nobody caught: the process ends, its successor goes on from the log.');
    process.exit(1);
  });
}

/** One line for what the person at the keyboard can mend. */
function startProblem(error: unknown): string | undefined {
  if (error instanceof SettingError || error instanceof VerbatimError || error instanceof ReadStoreError)
    return error.message;
  if (isEventStoreError(error, 'locked', 'corrupt', 'unavailable')) return error.message;
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'WrongSecretError') return error.message;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} on ${address} is in use. Choose another (PORT, VERBATIM_METRICS_PORT), or stop what uses it.`;
  if (code === 'EACCES' && port !== undefined)
    return `this user may not listen on port ${port}. Choose another (PORT, VERBATIM_METRICS_PORT).`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${address ?? ''} is no address of this machine.`;
  return undefined;
}
