import type { EventDefinition, Fact } from '#event-sourcing';
import type { Projection } from '#read-store';
import { candidateEvents } from './candidate.events.js';
import { emailClaimEvents } from './email-claim.events.js';
import { candidateListProjection } from './projections/candidate-list.projection.js';

export { type Candidate, Candidates, type Profile } from './candidates.js';
export { CandidatesModule } from './candidates.module.js';
export { IntroduceCandidate } from './commands/introduce-candidate.js';
export { RegisterCandidate, type RegisteredCandidate } from './commands/register-candidate.js';
export { RemoveCandidate } from './commands/remove-candidate.js';
export { UpdateCandidate } from './commands/update-candidate.js';
export { normaliseEmail, requireEmail } from './person.js';
export { type CandidatePage, ListCandidates } from './queries/list-candidates.js';

/** Every event of the room, for the catalogue. */
export const candidatesEvents: readonly EventDefinition[] = [...candidateEvents, ...emailClaimEvents];
export const candidatesProjections: readonly Projection<Fact>[] = [candidateListProjection];
