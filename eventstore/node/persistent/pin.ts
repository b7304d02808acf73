import type { Resolved } from '../log/node-log.js';
import type { StrategyName } from './strategies.js';

/** What messages that belong together have in common: their stream, or their correlation. */
export function pinOf(strategy: StrategyName, { event, link }: Resolved): string {
  const stream = (event ?? link)?.stream ?? '';
  return strategy === 'PinnedByCorrelation' ? (correlationOf((event ?? link)?.metadata) ?? stream) : stream;
}

function correlationOf(metadata: Uint8Array | undefined): string | undefined {
  try {
    const { $correlationId: id } = JSON.parse(Buffer.from(metadata ?? []).toString('utf8')) as Record<string, unknown>;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined; // metadata may be anything
  }
}
