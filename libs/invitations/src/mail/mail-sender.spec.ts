import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RemoveCandidate, UpdateCandidate } from '#candidates';
import { EndingLog } from '#event-sourcing/testing/ending-log.js';
import { newGround } from '#event-sourcing/testing/room.js';
import type { OpsStore } from '#ops-store';
import { CancelSession, DeleteSession } from '#sessions';
import { ListOutbox } from '../queries/list-outbox.js';
import { House } from '../testing/house.js';
import { MailServer } from '../testing/mail-server.js';

const HOUR = 3_600_000;
let house: House;

const files = () => readdir(house.outbox()).catch(() => []);
const told = async () => (await house.facts('session-')).filter(({ type }) => type === 'invite_delivered');

describe('without a mail server', () => {
  beforeEach(async () => {
    house = await House.open({ MAIL_FROM: 'Hiring <jobs@acme.example>' });
  });

  afterEach(() => house.close());

  it('an_invitation_is_kept_as_a_file_listed_and_told_to_the_session', async () => {
    const { sessionId, inviteUrl } = await house.invite({ name: 'Alice' });
    expect(await house.sendDue()).toBe(1);
    const [name = ''] = await files();
    expect(name).toMatch(new RegExp(`^${sessionId}\\..*\\.eml$`));
    const content = await readFile(join(house.outbox(), name), 'utf8');
    for (const part of ['alice@example.com', 'Hello Alice,', 'Acme invites you', `\n${inviteUrl}\n`])
      expect(content).toContain(part);
    expect(await house.deliveries()).toMatchObject([{ state: 'kept', attempts: 1 }]);
    expect(JSON.stringify(await house.deliveries())).not.toMatch(/alice|vst_/i);
    expect(await told()).toMatchObject([{ data: { delivered: true, channel: 'outbox', reason: null } }]);
    expect(await house.sendDue()).toBe(0);
  });

  it('the_list_shows_recipient_subject_link_and_state_newest_first', async () => {
    const { inviteUrl } = await house.invite({ name: 'Alice' });
    await house.sendDue();
    house.room.clock.advance(1000);
    await house.invite({ email: 'bob@example.com' });
    const page = await house.room.queries.execute(new ListOutbox(house.orgId, { limit: 20, offset: 0 }));
    expect(page).toMatchObject({ total: 2, limit: 20, offset: 0 });
    expect(page.messages).toMatchObject([
      { to: 'bob@example.com', state: 'pending', sentAt: null },
      {
        to: 'alice@example.com',
        name: 'Alice',
        subject: 'Acme invites you: Senior PM',
        inviteUrl,
        state: 'kept',
        sentAt: '2026-01-01T00:00:00.000Z',
        nextAttemptAt: null,
      },
    ]);
    const elsewhere = await house.room.queries.execute(new ListOutbox('another', { limit: 20, offset: 0 }));
    expect(elsewhere.messages).toEqual([]);
  });

  it('a_resend_mails_again_once_the_last_one_is_out_and_never_two_at_once', async () => {
    await house.invite();
    await house.invite({ resend: true });
    expect(await house.deliveries()).toHaveLength(1);
    await house.sendDue();
    await Promise.all(Array.from({ length: 10 }, () => house.invite({ resend: true })));
    expect(await house.deliveries()).toHaveLength(2);
    await house.sendDue();
    expect(await files()).toHaveLength(2);
    expect(await told()).toHaveLength(2);
  });

  it('a_resend_mails_what_was_never_mailed', async () => {
    await house.invite({ sendEmail: false });
    await house.invite({ resend: true });
    expect(await house.sendDue()).toBe(1);
    expect(await files()).toHaveLength(1);
  });

  it('mail_goes_to_the_address_the_candidate_has_when_it_is_sent', async () => {
    const { sessionId } = await house.invite();
    const candidateId = (await house.session(sessionId))?.candidateId ?? '';
    await house.room.commands.execute(
      new UpdateCandidate(house.room.context(), house.orgId, candidateId, { email: 'jones@example.com' }),
    );
    await house.sendDue();
    expect(await readFile(join(house.outbox(), (await files())[0]!), 'utf8')).toContain('jones@example.com');
  });

  it.each([
    ['a_removed_candidate', 'candidate_removed'],
    ['a_cancelled_session', 'session_closed'],
  ])('%s_gets_no_mail', async (_, reason) => {
    const { sessionId } = await house.invite();
    const candidateId = (await house.session(sessionId))?.candidateId ?? '';
    const context = house.room.context();
    await house.room.commands.execute(
      reason === 'candidate_removed'
        ? new RemoveCandidate(context, house.orgId, candidateId)
        : new CancelSession(context, house.orgId, sessionId, 'changed plans'),
    );
    await house.sendDue();
    expect(await files()).toEqual([]);
    expect(await house.deliveries()).toMatchObject([{ state: 'failed', lastError: reason }]);
    expect(await told()).toMatchObject([{ data: { delivered: false, reason } }]);
  });

  it('a_deleted_session_takes_its_mail_along_sent_or_not', async () => {
    const sent = await house.invite();
    await house.sendDue();
    const waiting = await house.invite({ email: 'bob@example.com' });
    const kept = await house.invite({ email: 'carol@example.com' });
    for (const { sessionId } of [sent, waiting])
      await house.room.commands.execute(new DeleteSession(house.room.context(), house.orgId, sessionId));
    expect(await files()).toEqual([]);
    expect(await house.deliveries()).toMatchObject([{ refs: { sessionId: kept.sessionId } }]);
    await house.runMailPolicy();
    await house.sendDue();
    expect(await files()).toEqual([expect.stringContaining(kept.sessionId)]);
  });

  it('a_session_deleted_while_its_mail_is_written_leaves_no_file', async () => {
    const { sessionId } = await house.invite();
    await Promise.all([
      house.sendDue(),
      house.room.commands.execute(new DeleteSession(house.room.context(), house.orgId, sessionId)),
    ]);
    await house.sendDue();
    expect(await files()).toEqual([]);
    expect(await house.deliveries()).toEqual([]);
  });

  it('the_log_seen_again_or_by_an_operational_store_that_starts_anew_sends_nothing_a_second_time', async () => {
    await house.invite();
    await house.sendDue();
    await house.runMailPolicy();
    expect(await house.sendDue()).toBe(0);
    const anew = await newGround();
    const ops = Object.create(house.ground.ops, { deliveries: { value: anew.ops.deliveries } }) as OpsStore;
    const room = await house.process({ ...house.ground, ops });
    await house.runMailPolicy(room);
    expect(await house.sendDue(room)).toBe(0);
    await anew.log.close();
    await anew.ops.close();
  });
});

describe('with a mail server', () => {
  let server: MailServer;

  beforeEach(async () => {
    server = await MailServer.listen();
    house = await House.open({ SMTP_URL: server.url });
  });

  afterEach(async () => {
    await house.close();
    await server.close();
  });

  it('hundreds_of_invitations_each_arrive_once', async () => {
    const addresses = Array.from({ length: 200 }, (_, at) => `candidate-${at}@example.com`);
    for (const email of addresses) await house.invite({ email });
    while ((await house.sendDue()) > 0);
    expect(server.received).toHaveLength(addresses.length);
    expect(new Set(server.received.map(({ to }) => to[0]))).toEqual(new Set(addresses));
    expect((await told()).every(({ data }) => 'delivered' in data && data.delivered)).toBe(true);
    expect(await files()).toEqual([]);
  });

  it('a_server_that_is_away_costs_a_wait_that_grows_and_the_invitation_nothing', async () => {
    const { port } = server;
    await server.close();
    const { sessionId } = await house.invite();
    const waits: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      await house.sendDue();
      const [{ nextAttemptAt, state } = { nextAttemptAt: 0, state: '' }] = await house.deliveries();
      expect(state).toBe('pending');
      waits.push(nextAttemptAt - house.room.clock.now());
      expect(await house.sendDue()).toBe(0);
      house.room.clock.set(nextAttemptAt);
    }
    expect(waits).toEqual([10_000, 60_000, 300_000]);
    expect((await house.session(sessionId))?.status).toBe('invited');
    expect(await told()).toEqual([]);
    server = await MailServer.listen({}, port);
    await house.sendDue();
    expect(server.received).toHaveLength(1);
    expect(await house.deliveries()).toMatchObject([{ state: 'sent', attempts: 4, lastError: null }]);
  });

  it('a_log_that_is_away_costs_the_mail_no_try', async () => {
    await house.invite();
    const log = new EndingLog(house.ground.log, 1);
    const cutOff = await house.process({ ...house.ground, log });
    const nothing = Buffer.from('{}');
    const last = { id: randomUUID(), type: 'last', contentType: 'application/octet-stream' } as const;
    await log.append('last', 'no_stream', [{ ...last, data: nothing, metadata: nothing }]);
    for (let tries = 0; tries < 20; tries += 1) {
      await expect(house.sendDue(cutOff)).rejects.toThrow('could not be worked on');
      for (const { clock } of [cutOff, house.room]) clock.advance(HOUR);
    }
    expect(await house.deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }]);
    server.refusesWith = 450;
    await house.sendDue();
    expect(await house.deliveries()).toMatchObject([{ state: 'pending', attempts: 1 }]);
  });

  it('what_cannot_be_sent_for_days_is_given_up_visibly', async () => {
    server.refusesWith = 450;
    await house.invite();
    for (let tries = 0; tries < 20; tries += 1) {
      await house.sendDue();
      house.room.clock.advance(25 * HOUR);
    }
    expect(await house.deliveries()).toMatchObject([{ state: 'failed', attempts: 9 }]);
    expect(await told()).toMatchObject([{ data: { delivered: false, channel: 'smtp' } }]);
  });

  it('a_refused_address_is_final_at_once_and_can_be_resent_when_it_is_mended', async () => {
    server.refusesWith = 550;
    const { sessionId } = await house.invite();
    await house.sendDue();
    expect(await house.deliveries()).toMatchObject([{ state: 'failed', attempts: 1 }]);
    expect((await house.session(sessionId))?.status).toBe('invited');
    server.refusesWith = undefined;
    expect(await house.invite({ resend: true })).toMatchObject({ sessionId, created: false });
    await house.sendDue();
    expect(server.received).toHaveLength(1);
    expect((await house.deliveries()).map(({ state }) => state).sort()).toEqual(['failed', 'sent']);
  });

  it('a_process_that_ends_between_the_mail_and_the_fact_does_not_send_it_twice', async () => {
    await house.invite();
    const dying = await house.process({ ...house.ground, log: new EndingLog(house.ground.log, 0, true) });
    await expect(house.sendDue(dying)).rejects.toThrow('could not be worked on');
    expect(server.received).toHaveLength(1);
    expect(await told()).toEqual([]);
    house.room.clock.advance(HOUR);
    await house.sendDue();
    expect(server.received).toHaveLength(1);
    expect(await told()).toMatchObject([{ data: { delivered: true, channel: 'smtp' } }]);
    expect(await house.deliveries()).toMatchObject([{ state: 'sent' }]);
  });

  it('mail_that_waited_when_the_process_ended_is_sent_by_the_next', async () => {
    await house.invite();
    const next = await house.process();
    expect(await house.sendDue(next)).toBe(1);
    expect(server.received).toHaveLength(1);
  });
});
