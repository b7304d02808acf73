import type { Candidates } from '#candidates';
import type { Person } from '../judging/case/blinding.js';

/** What to blind of a candidate's work: their name and address, as far as they are known (still). */
export async function personOf(candidates: Candidates, orgId: string, candidateId: string): Promise<Person> {
  const profile = (await candidates.profiles(orgId, [candidateId])).get(candidateId);
  return { names: profile ? [profile.name] : [], emails: profile?.email ? [profile.email] : [] };
}
