// The server, but for one thing: it is killed at a named step of the first run that it begins, as `kill -9` would.

import { pino } from 'pino';
import type { ConsumerGroups, EventStore, GroupDelivery } from '#event-store';
import { VerbatimConfig } from '#platform';
import { createApi } from '../../apps/api/src/http/index.js';
import { openEngines } from '../../apps/api/src/root/engines.js';
import { RootModule } from '../../apps/api/src/root/root.module.js';
import { Service } from '../../apps/api/src/root/service.js';

const STEP = process.env['DIE_AT'];
/** Of what was asked for before, others take care. */
let session: string | undefined;

function reached(step: string, stream: string): void {
  if (step === STEP && stream === session) process.kill(process.pid, 'SIGKILL');
}

/** The same object, some of its methods replaced. */
const changed = <T extends object>(whole: T, methods: Partial<T>): T =>
  new Proxy(whole, {
    get: (target, name) => {
      const own = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });

const dyingLog = (log: EventStore): EventStore =>
  changed(log, {
    append: async (stream, expected, events, options) => {
      const types = new Set(events.map(({ type }) => type));
      if (types.has('scoring_started')) reached('before the claim', stream);
      if (types.has('score_recorded')) reached('before the score', stream);
      const result = await log.append(stream, expected, events, options);
      if (types.has('scoring_started')) reached('after the claim', stream);
      if (types.has('score_recorded')) reached('after the score', stream);
      return result;
    },
  });

const dyingGroups = (groups: ConsumerGroups, head: bigint): ConsumerGroups =>
  changed(groups, {
    consume: (group, options) => ({
      async *[Symbol.asyncIterator](): AsyncGenerator<GroupDelivery> {
        for await (const delivery of groups.consume(group, options)) {
          const { stream, position, type } = delivery.event;
          if (type === 'scoring_requested' && position > head) session ??= stream;
          const ack = async (): Promise<void> => {
            reached('before the acknowledgement', stream);
            await delivery.ack();
            reached('after the acknowledgement', stream);
          };
          yield changed(delivery, { ack });
        }
      },
    }),
  });

const config = new VerbatimConfig();
const engines = await openEngines(config, () => {});
const head = await engines.log.head();
const dying = { ...engines, log: dyingLog(engines.log), groups: dyingGroups(engines.groups, head) };
const app = await createApi(RootModule.of(config, dying), config, { logger: pino({ level: 'silent' }) });
await app.init();
await app.get(Service).start();
await app.listen(config.port, config.host);
