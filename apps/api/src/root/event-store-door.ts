import { Injectable, Logger } from '@nestjs/common';
import { EventStore } from '#event-store';
import type { EmbeddedEventStore } from '#event-store/embedded/index.js';
import type { RunningNode } from '#event-store/node/index.js';
import { Credentials } from '#organizations';
import { Clock, type EventStoreDoorSettings, SettingError, VerbatimConfig } from '#platform';
import type { ApiKeyGate } from './api-key-gate.js';

/** The log beside the API, by EventStoreDB's protocol: to read and to follow, over TLS, within one's own organization. */
@Injectable()
export class EventStoreDoor {
  private readonly logger = new Logger('EventStoreDoor');
  private node: RunningNode | undefined;
  private gate: ApiKeyGate | undefined;

  constructor(
    private readonly config: VerbatimConfig,
    private readonly log: EventStore,
    private readonly credentials: Credentials,
    private readonly clock: Clock,
  ) {}

  /** Answers how clients connect; undefined when no port was set. @throws SettingError */
  async start(): Promise<string | undefined> {
    const { config, log, clock, logger } = this;
    const settings = config.eventStoreDoor;
    if (!settings) return undefined;
    // Not loaded by a server that has no such door.
    const { CannotListen, certificateFile, EmbeddedNodeLog, startReadingNode } = await import(
      '#event-store/node/index.js'
    );
    const { ApiKeyGate } = await import('./api-key-gate.js');
    this.gate = new ApiKeyGate(this.credentials, config);
    try {
      this.node = await startReadingNode({
        // The configuration refuses the port beside any other log.
        log: new EmbeddedNodeLog((log as EmbeddedEventStore).engine),
        gate: this.gate,
        host: settings.host,
        port: settings.port,
        tls: await pairOf(settings, config.dataDir),
        now: () => clock.now(),
        report: (error) => logger.error({ err: error }, 'A call of the event store protocol failed.'),
      });
    } catch (error) {
      if (error instanceof CannotListen)
        throw new SettingError('VERBATIM_EVENT_STORE_PORT', `will not do: ${error.message}`);
      throw error;
    }
    const trust = settings.tls ? '' : `&tlsCAFile=${certificateFile(config.dataDir)}`;
    return `${this.node.connectionString}${trust}`;
  }

  /** Before the log closes. */
  async stop(): Promise<void> {
    this.gate?.close();
    await this.node?.stop();
  }
}

async function pairOf(
  { tls, host }: EventStoreDoorSettings,
  dataDir: string,
): Promise<{ key: string; certificate: string }> {
  const { givenPair, keptPair } = await import('#event-store/node/index.js');
  // The machine's time, not a test's: clients judge a certificate by theirs.
  if (!tls) return keptPair(dataDir, host, Date.now());
  try {
    return await givenPair(tls);
  } catch (error) {
    throw new SettingError('VERBATIM_EVENT_STORE_TLS_CERT', `and its key will not do: ${String(error)}`);
  }
}
