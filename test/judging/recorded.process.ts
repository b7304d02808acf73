import { judgeSession, offlineJudge } from '#scoring';
import { recordedSessions } from './recorded.js';

// Judges the recorded sessions and prints what came of it, for a parent that compares.
const signal = new AbortController().signal;
const judgements: Record<string, unknown> = {};
for (const [name, input] of recordedSessions())
  judgements[name] = await judgeSession(input, { judge: offlineJudge, runs: 1, spreadBound: 0.25 }, { signal });
process.stdout.write(JSON.stringify(judgements));
