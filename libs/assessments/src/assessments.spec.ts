import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandContext } from '#event-sourcing';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, Entitlements, UpdateOrganization } from '#organizations';
import { derivedId } from '#platform';
import { FIELD_DEFAULTS } from './assessment.fields.js';
import {
  Assessments,
  AssessmentsModule,
  assessmentsProjections,
  CreateAssessment,
  CreateCodingAssessment,
  DeleteAssessment,
  GetAssessment,
  ListAssessments,
  UpdateAssessment,
} from './index.js';

const ORG = '6d3f0c2e-6a57-4f43-9d0e-0f2f7c1f0a01';
const OTHER_ORG = '6d3f0c2e-6a57-4f43-9d0e-0f2f7c1f0a02';
const notFound = expect.objectContaining({ code: 'not_found' });
let ground: Ground;
let room: Room;
/** An organization that was founded, where that counts. */
let orgId: string;

const create = (name: string, orgId = ORG) =>
  room.commands.execute(new CreateAssessment(room.context(), orgId, { name }));
const list = (page: { limit?: number; offset?: number; after?: string | null } = {}, orgId = ORG) => {
  const { limit = 20, offset = 0, after } = page;
  return room.queries.execute(new ListAssessments(orgId, { limit, offset, after: after ?? undefined }));
};
const names = (page: Awaited<ReturnType<typeof list>>) => page.assessments.map(({ name }) => name);

beforeEach(async () => {
  ground = await newGround();
  room = await Room.open(ground, [AssessmentsModule], { projections: assessmentsProjections });
  const founded = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }));
  orgId = founded.organization.id;
});

afterEach(async () => {
  await room.close();
  await ground.log.close();
  await ground.ops.close();
});

describe('an assessment', () => {
  it('is read as it was made, with its defaults', async () => {
    const made = await create('Analyst');
    const createdAt = new Date(room.clock.now()).toISOString();
    expect(made).toEqual({
      ...FIELD_DEFAULTS,
      rubricVersion: 1,
      id: made.id,
      orgId: ORG,
      name: 'Analyst',
      version: 1,
      createdAt,
      updatedAt: createdAt,
    });
    expect(await room.queries.execute(new GetAssessment(ORG, made.id))).toEqual(made);
  });

  it('is made once when the same command is asked again', async () => {
    const again = () => new CommandContext(room.context().actor, 'one-command', room.clock.now());
    const [first, second] = await Promise.all([
      room.commands.execute(new CreateAssessment(again(), ORG, { name: 'Analyst' })),
      room.commands.execute(new CreateAssessment(again(), ORG, { name: 'Analyst' })),
    ]);
    expect(second).toEqual(first);
    expect(await list()).toMatchObject({ total: 1 });
  });

  it('is made in the place of the quota that it took before a crash', async () => {
    await room.commands.execute(new UpdateOrganization(room.context(), orgId, { monthlyAssessmentQuota: 1 }));
    const again = () => new CommandContext(room.context().actor, 'one-command', room.clock.now());
    const assessmentId = derivedId('assessment', orgId, 'one-command');
    await room.get(Entitlements).countAssessment(again(), orgId, { assessmentId, paid: true });
    const wish = {
      title: 'Challenge',
      role: 'Engineer',
      taskBrief: 'Fix.',
      issueId: null,
      repoUrl: null,
      rubricId: null,
    };
    const made = await room.commands.execute(new CreateCodingAssessment(again(), orgId, wish));
    expect(made).toMatchObject({ id: assessmentId, name: 'Challenge' });
    const refused = room.commands.execute(new CreateCodingAssessment(room.context(), orgId, wish));
    await expect(refused).rejects.toMatchObject({ code: 'quota_exceeded', details: { used: 1, quota: 1 } });
    expect(await list({}, orgId)).toMatchObject({ total: 1 });
  });

  it('can be read as it stood before a revision, also after it was deleted', async () => {
    const { id } = await create('Before');
    await room.commands.execute(new UpdateAssessment(room.context(), ORG, id, { name: 'After' }));
    await room.commands.execute(new DeleteAssessment(room.context(), ORG, id));
    const assessments = room.get(Assessments);
    expect(await assessments.findAt(ORG, id, 0)).toMatchObject({ assessment: { name: 'Before' }, revision: 0 });
    expect(await assessments.findAt(ORG, id, 1)).toMatchObject({ assessment: { name: 'After' }, revision: 1 });
    expect(await assessments.find(ORG, id)).toBeUndefined();
    expect(await assessments.names(ORG, [id, id, 'unknown'])).toEqual(new Map([[id, 'After']]));
  });

  it('takes each of two changes made at once', async () => {
    const { id } = await create('Analyst');
    await Promise.all([
      room.commands.execute(new UpdateAssessment(room.context(), ORG, id, { role: 'Analyst' })),
      room.commands.execute(new UpdateAssessment(room.context(), ORG, id, { taskPrompt: 'Write.' })),
    ]);
    const found = await room.queries.execute(new GetAssessment(ORG, id));
    expect(found).toMatchObject({ role: 'Analyst', taskPrompt: 'Write.', version: 3 });
  });

  it('keeps texts larger than an event may be', async () => {
    const { id } = await create('Long');
    const taskPrompt = 'ü'.repeat(50_000);
    await room.commands.execute(new UpdateAssessment(room.context(), ORG, id, { taskPrompt }));
    expect(await room.queries.execute(new GetAssessment(ORG, id))).toMatchObject({ taskPrompt });
  });

  it.each([
    ['deleted', async (id: string) => room.commands.execute(new DeleteAssessment(room.context(), ORG, id)), ORG],
    ["another organization's", async () => undefined, OTHER_ORG],
  ])('is not found when it is %s', async (_, prepare, orgId) => {
    const { id } = await create('Analyst');
    await prepare(id);
    const asked = [
      () => room.queries.execute(new GetAssessment(orgId, id)),
      () => room.commands.execute(new UpdateAssessment(room.context(), orgId, id, { name: 'Mine' })),
      () => room.commands.execute(new DeleteAssessment(room.context(), orgId, id)),
    ];
    for (const ask of asked) await expect(ask()).rejects.toEqual(notFound);
    expect(await list({}, orgId)).toMatchObject({ assessments: [], total: 0 });
  });
});

describe('the list of assessments', () => {
  it('shows what was written a moment ago, newest first, of this organization alone', async () => {
    for (const name of ['First', 'Second', 'Third']) {
      await create(name);
      room.clock.advance(1000);
    }
    await create('Foreign', OTHER_ORG);
    const page = await list();
    expect(names(page)).toEqual(['Third', 'Second', 'First']);
    expect(page).toMatchObject({ total: 3, limit: 20, offset: 0, hasMore: false, nextCursor: null });
  });

  it('is paged by offset, and past its end is empty', async () => {
    for (const name of ['First', 'Second', 'Third']) {
      await create(name);
      room.clock.advance(1000);
    }
    expect(names(await list({ limit: 2 }))).toEqual(['Third', 'Second']);
    expect(names(await list({ limit: 2, offset: 2 }))).toEqual(['First']);
    expect(await list({ offset: 9 })).toMatchObject({ assessments: [], total: 3, hasMore: false });
  });

  it('shows nothing twice after a cursor while it grows, also where moments are the same', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page = await list({ limit: 2, after });
      seen.push(...names(page));
      ({ nextCursor: after, hasMore: more } = page);
      room.clock.advance(1000);
      await create(`new ${seen.length}`);
    }
    expect(seen.sort((one, other) => one.localeCompare(other))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each(['nonsense', '', Buffer.from('2026-01-01T00:00:00.000Z ').toString('base64url')])(
    'refuses the cursor %j',
    async (after) => {
      await expect(list({ after })).rejects.toEqual(expect.objectContaining({ code: 'invalid_cursor' }));
    },
  );
});
