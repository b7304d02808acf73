import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import type { ApiClient, Connect } from '../client.js';
import { CODING_CANDIDATES, fillCodingCohort } from '../demo/coding-cohort.js';
import { CANDIDATES, fillOrganization } from '../demo/organization.js';
import { reviewSome, scored, statusesOf } from '../demo/scores.js';

export function demoCommand(connect: Connect): Command {
  return new Command('demo')
    .description('fills the organization: two assessments with fifty candidates, and a coding cohort of twelve')
    .option('--seed <number>', 'the same seed tells the same stories, and changes nothing the second time', '1')
    .action(async (options: { seed: string }) => {
      const seed = Number(options.seed);
      if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed must be a whole number from 0.');
      const bar = new SingleBar({ format: 'candidates {bar} {value}/{total}', hideCursor: true, noTTYOutput: false });
      bar.start(CANDIDATES + CODING_CANDIDATES, 0);
      const client = connect();
      const { result, coding } = await fillAll(client, seed, (done) => bar.update(done)).finally(() => bar.stop());
      for (const { id, name } of result.assessments) console.log(`assessment ${id}  ${name}`);
      console.log(`assessment ${coding.assessment.id}  ${coding.assessment.name}`);
      console.log(`${CODING_CANDIDATES} engineers: see /v1/assessments/${coding.assessment.id}/cohort-stats`);
      const unscored = await scored(client);
      const reviews = await reviewSome(client, result.assessments[0]!.id, seed);
      if (unscored > 0) console.log(`${unscored} submitted sessions wait for their score: is a scorer running?`);
      const statuses = await statusesOf(client);
      const counts = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
      console.log(`${CANDIDATES + CODING_CANDIDATES} sessions: ${counts.join(', ')}`);
      if (statuses.scoring === undefined)
        console.log('none is being scored: that lasts as long as a scorer works, milliseconds for the offline judge');
      if (reviews > 0) console.log('how far reviewers and judge agree: verbatim scoring calibrate');
      const events = result.events + coding.events;
      console.log(`${events} events stored${events === 0 ? ': all of it was there before' : ''}`);
    });
}

async function fillAll(client: ApiClient, seed: number, onCandidate: (done: number) => void) {
  const result = await fillOrganization(client, seed, onCandidate);
  const coding = await fillCodingCohort(client, seed, (done) => onCandidate(CANDIDATES + done));
  return { result, coding };
}
