import { readFile } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { banner } from './banner.js';
import { MetricsListener } from './health/metrics-listener.js';
import { createApi } from './http/index.js';
import { serveDocs } from './openapi/docs.js';
import { placesOf } from './outages/places.js';
import { probesOf } from './outages/store-probes.js';
import { type ProcessHouse, runProcess, stopOnSignals } from './process.js';
import { openEngines } from './root/engines.js';
import { RootModule } from './root/root.module.js';
import { Service } from './root/service.js';

/** The whole server in this process. */
export const main = (): Promise<void> => runProcess(start);

async function start({ config, logger, outages }: ProcessHouse): Promise<void> {
  const engines = await openEngines(config, (notice, error) => logger.warn({ err: error }, notice));
  outages.watch({ probes: probesOf(engines), places: placesOf(config) });
  let app: NestFastifyApplication;
  try {
    app = await createApi(RootModule.of(config, engines), config, { logger });
  } catch (error) {
    await engines.close();
    throw error;
  }
  try {
    serveDocs(app, await packageVersion());
    await app.init();
    const first = await app.get(Service).start();
    await app.get(MetricsListener, { strict: false }).start();
    const eventStore = await app.get(Service).openEventStore();
    await app.listen(config.port, config.host);
    config.noteListening((app.getHttpServer().address() as { port: number }).port);
    stopOnSignals(app, { logger, outages });
    await print(`${banner(config, first, eventStore)}\n`);
    if (first.key) await app.get(Service).noteKeyTold();
  } catch (error) {
    await app.close();
    throw error;
  }
}

const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
