import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message, newAssessment } from '../support/candidate.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver/webhook-receiver.js';

const RUBRIC = { name: 'One', categories: [{ id: 'work', name: 'Work', points: 100 }] };
const SCORE = {
  categories: [
    {
      categoryId: 'work',
      subCriteria: [{ id: 'work', score: 70, evidence: [{ eventId: 'm-1', quote: 'What does the brief ask for?' }] }],
    },
  ],
};

describe('an applicant tracking system that listens', () => {
  let server: Server;
  let receiver: WebhookReceiver;
  let scorer = '';

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    server = await Server.start({ env: { VERBATIM_WEBHOOK_ALLOW_PRIVATE: 'on' } });
    scorer = (await server.owner.post('/api/api-keys', { name: 'scorer', role: 'scorer' })).body.key;
  });

  afterAll(async () => {
    await endAll();
    await receiver.stop();
  });

  it('hears_of_a_session_from_its_invitation_to_its_end_in_order_and_knows_its_own_candidate_again', async () => {
    const { webhook, secret } = (await server.owner.post('/api/webhooks', { url: receiver.url('ok/ats') })).body;
    const assessmentId = await newAssessment(server.owner, { autoScore: false, scoringRubric: RUBRIC });
    const person = { email: 'ada@example.com', name: 'Ada', externalId: 'ats-4711', sendEmail: false };
    const invited = await server.owner.post(`/api/assessments/${assessmentId}/invite`, person);
    const { id: sessionId, token, candidateId } = invited.body.session;
    const path = `/api/sessions/${sessionId}`;
    const workspace = server.as(token);
    const steps = [
      () => workspace.post(`${path}/start`),
      () => workspace.post(`${path}/events`, { events: [message('m-1')] }),
      () => workspace.post(`${path}/submit`, { deliverableState: { text: 'Done.' } }),
      () => server.as(scorer).post(`${path}/scores`, SCORE),
      () => server.owner.post(`${path}/review`, { decision: 'advance' }),
      () => server.owner.delete(path),
    ];
    for (const [at, step] of steps.entries()) {
      const { status, body } = await step();
      if (status >= 300) throw new Error(`Step ${at} was answered ${status}: ${JSON.stringify(body)}`);
      // A deletion takes along what was not sent yet; here all of it is to be seen.
      if (at === steps.length - 2) await receiver.messages('ok/ats', 6);
    }
    const messages = await receiver.messages('ok/ats', 7);
    expect(messages.map((one) => one.message.type)).toEqual([
      'session.created',
      'session.started',
      'session.submitted',
      'session.scored',
      'session.reviewed',
      'session.decided',
      'session.deleted',
    ]);
    expect(messages.every((one) => isSignedBy(secret, one))).toBe(true);
    const ids = { sessionId, assessmentId, candidateId, externalId: 'ats-4711' };
    for (const one of messages.slice(0, 6)) expect(one.message.data).toMatchObject(ids);
    expect(messages[2]!.message.data).toMatchObject({ trigger: 'candidate' });
    expect(messages[5]!.message.data).toMatchObject({ decision: 'advance' });
    expect(messages[6]!.message.data).toMatchObject({ sessionId });
    expect(messages.map(({ body }) => body).join()).not.toMatch(/Ada|example\.com|brief|Done/);
    const left = await until(
      async () => (await server.owner.get(`/api/webhooks/${webhook.id}/deliveries`)).body,
      ({ deliveries }) => deliveries[0]?.state === 'sent',
    );
    expect(left).toMatchObject({ total: 1, deliveries: [{ event: 'session.deleted', sessionId }] });
  });

  it('is_told_that_it_cannot_listen_on_the_servers_own_machine_unless_the_operator_lets_it', async () => {
    const careful = await Server.start();
    const refused = await careful.owner.post('/api/webhooks', { url: receiver.url('ok/careful') });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'invalid_url']);
  });
});
