import { readdirSync, readFileSync } from 'node:fs';
import type { JudgingInput } from '#scoring';
import { readRecording } from '../../apps/cli/src/record/readers.js';
import { sampleInput } from '../../libs/scoring/src/judging/testing/sample-work.js';

const FOLDER = new URL('../../../test/fixtures/recorded/', import.meta.url);

/** Recorded work of others as it stands in a session that `verbatim record` played. */
export const recordedSessions = (): ReadonlyMap<string, JudgingInput> =>
  new Map(
    readdirSync(FOLDER)
      .filter((name) => /\.(jsonl|traj)$/.test(name))
      .sort()
      .map((name) => [name, inputOf(readFileSync(new URL(name, FOLDER), 'utf8'))]),
  );

const inputOf = (text: string): JudgingInput => {
  const recording = readRecording(text);
  if (!recording) throw new Error('No reader knows this recording.');
  return sampleInput({
    task: null,
    memo: recording.deliverable,
    told: recording.steps.map(({ id, type, data }) => ({ id, type, data: withCount(data) })),
  });
};

/** As the server derives it when it writes the event. */
const withCount = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  typeof data['content'] === 'string' ? { charCount: data['content'].length, ...data } : data;
