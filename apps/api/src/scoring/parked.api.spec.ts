import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { derivedId } from '#platform';
import { ClaimScoring, FailScoring, RequestScoring, SCORING_ATTEMPTS } from '#sessions';
import { type AtDesk, refusal, SessionDesk } from '../sessions/testing/session-desk.js';
import { brought, post, submitted } from './testing/scored-session.js';

let desk: SessionDesk;
let orgId: string;
beforeAll(async () => {
  desk = await SessionDesk.open();
  orgId = (await desk.get('/api/organization')).body.organization.id;
});
afterAll(() => desk.close());

const parked = async (key = desk.keys.reviewer) => (await desk.get('/api/scoring/parked', key)).body;

/** A scorer of ours that fails at it as often as it may. */
const failAll = async ({ id }: AtDesk): Promise<void> => {
  const { clock } = desk.api;
  const commands = desk.api.get(CommandBus);
  const context = (name: string) =>
    new CommandContext({ kind: 'system', id: 'scorer', via: 'system' }, derivedId('spec', id, name), clock.now());
  await commands.execute(new RequestScoring(context('ask'), orgId, id, null));
  for (let attempt = 1; attempt <= SCORING_ATTEMPTS; attempt += 1) {
    const run = { runId: derivedId('spec_run', id, attempt), leaseMs: 5000 };
    await commands.execute(new ClaimScoring(context(`claim ${attempt}`), orgId, id, run));
    const failure = { runId: run.runId, reason: 'The judge is away.', retryAt: clock.now() };
    await commands.execute(new FailScoring(context(`fail ${attempt}`), orgId, id, failure));
  }
};

describe('a session whose scoring was given up', () => {
  it('is listed with how often it was tried and why it failed, for its own organization', async () => {
    const candidate = await submitted(desk);
    await failAll(candidate);
    const page = await parked();
    expect(page.total).toBe(1);
    expect(page.parked).toEqual([
      {
        sessionId: candidate.id,
        assessmentId: candidate.assessmentId,
        status: 'submitted',
        parkedAt: new Date(desk.api.clock.now()).toISOString(),
        attempts: SCORING_ATTEMPTS,
        reason: 'The last of 5 attempts failed: The judge is away.',
      },
    ]);
    expect(await parked(desk.stranger)).toMatchObject({ parked: [], total: 0 });
  });

  it('is asked for again, and off the list; what is not parked cannot be', async () => {
    const [{ sessionId }] = (await parked()).parked;
    const replay = () => desk.api.ask('POST', `/api/scoring/parked/${sessionId}/replay`);
    expect(await replay()).toMatchObject({ status: 202, body: { session: { id: sessionId } } });
    expect((await parked()).parked).toEqual([]);
    expect(await replay()).toMatchObject(refusal(404, 'not_found'));
  });

  it('leaves the list when a score is brought from elsewhere, and when it is deleted', async () => {
    const [scored, deleted] = [await submitted(desk), await submitted(desk)];
    await failAll(scored);
    await failAll(deleted);
    expect((await parked()).total).toBe(2);
    await post(desk, scored, brought(1, 1, 1));
    await desk.api.ask('DELETE', deleted.path);
    expect((await parked()).total).toBe(0);
  });
});
