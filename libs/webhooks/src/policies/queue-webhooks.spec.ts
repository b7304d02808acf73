import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandContext, type Fact, streamName } from '#event-sourcing';
import { systemActor } from '#event-sourcing/testing/given.js';
import { isoTime } from '#platform';
import { ChangeWebhook } from '../commands/change-webhook.js';
import { Machine } from '../testing/machine.js';
import type { WebhookEvent } from '../webhook.types.js';
import { QueueWebhooks } from './queue-webhooks.js';

describe('queueing what happened', () => {
  let machine: Machine;
  let sessionId = '';

  beforeEach(async () => {
    machine = await Machine.open(2, 1);
    sessionId = machine.sessionIds[0]!;
  });
  afterEach(() => machine.close());

  const fact = (type: string, data: object = {}, changes: Partial<Fact> = {}): Fact =>
    ({
      id: `fact-of-${type}`,
      type,
      data,
      stream: streamName('session', machine.orgId, sessionId),
      revision: 3,
      position: 77n,
      metadata: { recordedAt: isoTime(machine.room.clock.now()) },
      ...changes,
    }) as unknown as Fact;
  const react = async (one: Fact): Promise<void> => {
    const context = new CommandContext(systemActor, `command-of-${one.id}`, machine.room.clock.now());
    await machine.room.get(QueueWebhooks).react(one, context);
  };
  const queued = async (webhook = 0) => {
    const page = { limit: 100, offset: 0, target: machine.webhookIds[webhook]! };
    return (await machine.ground.ops.deliveries.list(machine.orgId, page)).deliveries;
  };
  const change = async (events: readonly WebhookEvent[] | undefined, isActive: boolean): Promise<void> => {
    const context = machine.room.context();
    const [first] = machine.webhookIds;
    await machine.room.commands.execute(new ChangeWebhook(context, machine.orgId, first!, { events, isActive }));
  };

  it.each([
    ['session_invited', {}, 'session.created', {}],
    ['setup_started', {}, 'session.started', {}],
    ['task_submitted', { body: { trigger: 'timer', text: 'text' } }, 'session.submitted', { trigger: 'timer' }],
    ['score_recorded', { runId: 'r-1', result: { summary: 'text' } }, 'session.scored', { runId: 'r-1' }],
    ['review_recorded', { runId: 'r-1', note: 'text' }, 'session.reviewed', { runId: 'r-1' }],
    ['decision_recorded', { decision: 'hired' }, 'session.decided', { decision: 'hired' }],
    ['session_cancelled', { reason: 'text' }, 'session.cancelled', {}],
    ['scoring_failed', { runId: 'r-1', reason: 'text' }, 'session.scoring_failed', { runId: 'r-1', final: 'false' }],
    ['scoring_parked', { runId: 'r-1', reason: 'text' }, 'session.scoring_failed', { runId: 'r-1', final: 'true' }],
  ])('makes %s %j of it: ids and words, no text', async (type, data, event, said) => {
    await react(fact(type, data));
    const [delivery] = await queued();
    expect(delivery).toMatchObject({ subject: `session:${sessionId}`, state: 'pending', attempts: 0 });
    expect(delivery!.refs).toEqual({
      webhookId: machine.webhookIds[0],
      messageId: delivery!.id,
      event,
      occurredAt: isoTime(machine.room.clock.now()),
      sessionId,
      ...said,
    });
  });

  it('says of a deleted session only that it is gone, in words that outlive it', async () => {
    const stream = streamName('organization', machine.orgId);
    await react(fact('session_erased', { sessionId, by: 'key-1', reason: 'requested' }, { stream }));
    await machine.ground.ops.deliveries.deleteFor(`session:${sessionId}`);
    const [delivery] = await queued();
    expect(delivery!.refs).toMatchObject({ event: 'session.deleted', sessionId, reason: 'requested' });
  });

  it('asks once, however often it sees the event, and each webhook by itself', async () => {
    await react(fact('setup_started'));
    await react(fact('setup_started'));
    const [one, two] = [await queued(0), await queued(1)];
    expect([one.length, two.length]).toEqual([1, 1]);
    expect(one[0]!.id).not.toBe(two[0]!.id);
  });

  it('asks nothing of a webhook that does not listen, is off, or was not there yet', async () => {
    await change(['session.decided'], true);
    await react(fact('setup_started'));
    await change(undefined, false);
    await react(fact('decision_recorded', { decision: 'hired' }));
    expect(await queued(0)).toEqual([]);
    expect((await queued(1)).map(({ refs }) => refs['event']).sort()).toEqual(['session.decided', 'session.started']);
    await change(['session.cancelled'], true);
    const before = { recordedAt: isoTime(machine.room.clock.now() - 1) };
    await react(fact('session_cancelled', {}, { metadata: before as Fact['metadata'] }));
    expect(await queued(0)).toEqual([]);
  });

  it('asks nothing about a session that was deleted since', async () => {
    await react(fact('setup_started', {}, { erased: true }));
    expect(await queued()).toEqual([]);
  });
});
