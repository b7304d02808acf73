import type { Submission } from '../submissions/submissions.js';
import { textOfDeliverable } from './case/evidence.js';
import { proseOfDeliverable } from './case/file-names.js';
import type { JudgedDeliverable, JudgingInput } from './judgement.js';

/** A submission as judges take it; an erased deliverable is none. */
export const judgingInputOf = (submission: Submission): JudgingInput => {
  const { rubric, assessment, events, snapshot, deliverables, person } = submission;
  return {
    rubric,
    assessment,
    events,
    snapshot,
    person,
    deliverables: deliverables.flatMap(({ artifactId, phaseIndex, state }) =>
      state === null ? [] : [deliverableOf(artifactId, phaseIndex, state)],
    ),
  };
};

export const deliverableOf = (artifactId: string, phaseIndex: number, state: unknown): JudgedDeliverable => ({
  artifactId,
  phaseIndex,
  text: textOfDeliverable(state),
  prose: proseOfDeliverable(state),
});
