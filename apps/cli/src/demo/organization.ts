import type { ApiClient } from '../client.js';
import { type Outcome, SessionPlayer } from '../session-player.js';
import { ASSESSMENTS, type DemoAssessment, person } from './material.js';
import { SeededRandom } from './random.js';
import { StoryTeller } from './story.js';

export const CANDIDATES = 50;

export interface DemoResult {
  readonly assessments: readonly { readonly id: string; readonly name: string }[];
  readonly events: number;
}

/** How far a candidate comes; what is submitted, the service scores. */
type Stage = 'invited' | 'setup' | 'in_progress' | 'submitted';
const STAGES: readonly (readonly [Stage, number])[] = [
  ['invited', 9],
  ['setup', 5],
  ['in_progress', 10],
  ['submitted', 26],
];

/** Fills an organization through the API, as its people would. The same seed again changes nothing. */
export async function fillOrganization(
  client: ApiClient,
  seed: number,
  onCandidate: (done: number) => void,
): Promise<DemoResult> {
  const assessments = await Promise.all(ASSESSMENTS.map((about) => ensureAssessment(client, about)));
  const stages = STAGES.flatMap(([stage, count]) => Array<Stage>(count).fill(stage));
  const reviewed = await reviewedIn(client);
  let events = 0;
  for (let index = 0; index < CANDIDATES; index += 1) {
    const random = new SeededRandom(seed * 1009 + index);
    const which = index % ASSESSMENTS.length;
    const stage = stages[(index * 7) % stages.length]!;
    const assessmentId = assessments[which]!.id;
    // A review ends a session: inviting once more would begin another attempt.
    if (reviewed.has(`${assessmentId} ${person(index).email}`)) continue;
    const player = await SessionPlayer.invite(client, assessmentId, person(index));
    const outcome = await playStage(player, ASSESSMENTS[which]!, stage, random, `demo${seed}-${index}`);
    events += outcome.accepted;
    const refused = outcome.rejected[0];
    if (refused) throw new Error(`The server refused event ${refused.id}: ${refused.message}`);
    onCandidate(index + 1);
  }
  return { assessments, events };
}

async function reviewedIn(client: ApiClient): Promise<ReadonlySet<string>> {
  const { sessions } = await client.get<{
    sessions: readonly { assessmentId: string; candidateEmail: string | null }[];
  }>('/api/sessions?limit=100&status=reviewed');
  return new Set(sessions.map(({ assessmentId, candidateEmail }) => `${assessmentId} ${candidateEmail}`));
}

async function ensureAssessment(client: ApiClient, about: DemoAssessment): Promise<{ id: string; name: string }> {
  const { assessments } = await client.get<{ assessments: readonly { id: string; name: string }[] }>(
    '/api/assessments?limit=100',
  );
  const there = assessments.find((assessment) => assessment.name === about.fields.name);
  if (there) return { id: there.id, name: there.name };
  const { assessment } = await client.post<{ assessment: { id: string; name: string } }>(
    '/api/assessments',
    about.fields,
  );
  return { id: assessment.id, name: assessment.name };
}

const NOTHING: Outcome = { accepted: 0, duplicates: 0, rejected: [] };

async function playStage(
  player: SessionPlayer,
  about: DemoAssessment,
  stage: Stage,
  random: SeededRandom,
  prefix: string,
): Promise<Outcome> {
  if (stage === 'invited' || player.isDone) return NOTHING;
  const story = new StoryTeller(about, random, prefix, Date.now() - 50 * 60_000).tell(random.between(40, 400));
  await player.open();
  const setup = await player.record(story.setup);
  if (stage === 'setup') return setup;
  await player.start();
  const half = stage === 'in_progress' ? Math.ceil(story.task.length / 2) : story.task.length;
  const task = await player.record(story.task.slice(0, half));
  await player.checkpoint(story.deliverable);
  if (stage === 'submitted') await player.submit(story.deliverable);
  return {
    accepted: setup.accepted + task.accepted,
    duplicates: setup.duplicates + task.duplicates,
    rejected: [...setup.rejected, ...task.rejected],
  };
}
