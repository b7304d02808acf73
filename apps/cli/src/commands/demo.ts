import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import type { Connect } from '../client.js';
import { CANDIDATES, fillOrganization } from '../demo/organization.js';

export function demoCommand(connect: Connect): Command {
  return new Command('demo')
    .description('fills the organization: two assessments, fifty candidates, sessions of 40–400 events')
    .option('--seed <number>', 'the same seed tells the same stories, and changes nothing the second time', '1')
    .action(async (options: { seed: string }) => {
      const seed = Number(options.seed);
      if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed must be a whole number from 0.');
      const bar = new SingleBar({ format: 'candidates {bar} {value}/{total}', hideCursor: true, noTTYOutput: false });
      bar.start(CANDIDATES, 0);
      const result = await fillOrganization(connect(), seed, (done) => bar.update(done)).finally(() => bar.stop());
      for (const { id, name } of result.assessments) console.log(`assessment ${id}  ${name}`);
      const statuses = Object.entries(result.sessions).map(([status, count]) => `${count} ${status}`);
      console.log(`${CANDIDATES} candidates: ${statuses.join(', ')}`);
      console.log(`${result.events} events stored${result.events === 0 ? ': all of it was there before' : ''}`);
    });
}
