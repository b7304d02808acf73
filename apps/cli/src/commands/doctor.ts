import { Command } from 'commander';
import type { Connect } from '../client.js';
import { recompute } from '../doctor/recompute.js';

export function doctorCommand(connect: Connect): Command {
  return new Command('doctor')
    .description('holds what the server answers against the record it keeps')
    .requiredOption('--recompute', 'cohort statistics, computed anew from the whole record of every session')
    .action(async () => {
      const { assessments, sessions, differences } = await recompute(connect());
      for (const { assessmentId, sessionId, served, recomputed } of differences) {
        console.log(`assessment ${assessmentId}${sessionId === null ? '' : `, session ${sessionId}`} differs`);
        console.log(`  served      ${served}`);
        console.log(`  recomputed  ${recomputed}`);
      }
      const examined = `${assessments} assessments, ${sessions} submitted sessions`;
      if (differences.length === 0) console.log(`${examined}: every figure is what the record says.`);
      else {
        console.log(`${examined}: ${differences.length} answers are not what the record says.`);
        process.exitCode = 1;
      }
    });
}
