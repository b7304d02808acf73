import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Connect } from '../client.js';
import { againstGold, againstReviews, type Calibration } from '../scoring/calibration.js';
import { readGold } from '../scoring/gold.js';
import { parkedSessions, replay } from '../scoring/parked.js';

export function scoringCommand(connect: Connect): Command {
  const scoring = new Command('scoring').description('what became of scores, and how far judge and humans agree');

  scoring
    .command('parked', { isDefault: true })
    .description('sessions whose scoring was given up, last given up first')
    .action(async () => {
      let count = 0;
      for await (const { sessionId, parkedAt, attempts, reason } of parkedSessions(connect())) {
        console.log([sessionId, parkedAt, `${attempts} attempts`, reason].join('  '));
        count += 1;
      }
      if (count === 0) console.log('Nothing is parked.');
    });

  scoring
    .command('replay [sessions...]')
    .description('asks for the scores of parked sessions again')
    .option('--all', 'of every parked session')
    .action(async (sessions: readonly string[], { all }: { all?: boolean }) => {
      if (!all && sessions.length === 0) throw new Error('Name parked sessions (`verbatim scoring parked`), or --all.');
      for (const sessionId of await replay(connect(), all ? 'all' : sessions)) console.log(`asked again: ${sessionId}`);
    });

  scoring
    .command('calibrate [gold]')
    .description(
      'agreement of the judge with humans per category: with the scores of a CSV file (sessionId,categoryId,score), ' +
        'or else with the reviews on the server',
    )
    .option('--assessment <id>', 'reviews of this assessment alone')
    .action(async (gold: string | undefined, { assessment }: { assessment?: string }) => {
      const client = connect();
      if (gold === undefined) return print(await againstReviews(client, assessment));
      return print([await againstGold(client, gold, readGold(await readFile(gold, 'utf8')))]);
    });

  return scoring;
}

function print(calibrations: readonly Calibration[]): void {
  for (const { about, categories, left } of calibrations) {
    console.log(about);
    for (const { categoryId, maxPoints, n, kappa, meanAbsoluteDifference } of categories) {
      const agreement =
        meanAbsoluteDifference === null
          ? 'too few to say'
          : `kappa ${kappa === null ? 'undefined, nobody varies' : kappa.toFixed(3)}  mean difference ${meanAbsoluteDifference}`;
      console.log(`  ${categoryId.padEnd(24)} n ${String(n).padStart(4)}  of ${maxPoints} points  ${agreement}`);
    }
    if (categories.length === 0) console.log('  nothing to compare');
    for (const line of left) console.log(`  left out: ${line}`);
  }
}
