import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SettingError, type VerbatimConfig } from '#platform';
import { NestLog } from '../../api/src/http/index.js';
import { placesOf } from '../../api/src/outages/places.js';
import { probesOf } from '../../api/src/outages/store-probes.js';
import { type ProcessHouse, runProcess, stopOnSignals } from '../../api/src/process.js';
import { openEngines } from '../../api/src/root/engines.js';
import { ScorerRootModule } from './root/scorer-root.module.js';
import { ScorerService } from './root/scorer-service.js';

/** Scorers in a process of their own: any number of them beside any number of servers. */
export const main = (): Promise<void> => runProcess(start);

async function start({ config, logger, outages }: ProcessHouse): Promise<void> {
  refuseAlone(config);
  const engines = await openEngines(config, (notice, error) => logger.warn({ err: error }, notice));
  outages.watch({ probes: probesOf(engines), places: placesOf(config) });
  let app: INestApplicationContext;
  try {
    const root = ScorerRootModule.of(config, engines);
    app = await NestFactory.createApplicationContext(root, { abortOnError: false, logger: new NestLog(logger) });
  } catch (error) {
    await engines.close();
    throw error;
  }
  app.get(ScorerService).start();
  stopOnSignals(app, { logger, outages });
  const judge = config.scoringModel ? `the model ${config.scoringModel.model}` : 'the offline judge';
  console.log(`Verbatim scores what is submitted, ${config.scorers} at a time, by ${judge}.`);
}

function refuseAlone({ stores, dataDir, scorers }: VerbatimConfig): void {
  if (Object.values(stores).some(({ kind }) => kind === 'embedded'))
    throw new SettingError(
      'VERBATIM_EVENT_STORE_URL',
      `must be set for scorers of their own: the data directory ${dataDir} belongs to one process, the server, which ` +
        'scores there itself (`npm start`).',
    );
  if (scorers === 0)
    throw new SettingError('VERBATIM_SCORERS', 'must be 1 or more in a process that does nothing else.');
}
