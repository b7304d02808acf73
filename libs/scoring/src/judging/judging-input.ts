import type { Submission } from '../submissions/submissions.js';
import type { Person } from './case/blinding.js';
import { textOfDeliverable } from './case/evidence.js';
import type { JudgingInput } from './judgement.js';

/** A submission as judges take it; an erased deliverable is none. */
export const judgingInputOf = (submission: Submission, person: Person = submission.person): JudgingInput => {
  const { rubric, assessment, events, snapshot, deliverables } = submission;
  return {
    rubric,
    assessment,
    events,
    snapshot,
    person,
    deliverables: deliverables.flatMap(({ artifactId, phaseIndex, state }) =>
      state === null ? [] : [{ artifactId, phaseIndex, text: textOfDeliverable(state) }],
    ),
  };
};
