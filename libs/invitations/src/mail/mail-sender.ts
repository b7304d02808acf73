import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type KeyMailReport, RecordKeyMail } from '#access';
import { CommandContext } from '#event-sourcing';
import { type Delivery, OpsStore } from '#ops-store';
import { Clock, derivedId } from '#platform';
import { RecordFeedbackDelivery, RecordInviteDelivery } from '#sessions';
import { FEEDBACK, INVITATION_BY_KEY, InvitationMail } from './invitation-mail.js';
import { Letters } from './letters.js';
import { CarriageError, MailCarrier } from './mail-carrier.js';

const BATCH = 32;
const AT_ONCE = 4;
/** After a try that nothing is known of (the process died in it) the next one waits this long. */
const UNKNOWN_TRY_MS = 120_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Waits between tries; after the last one the mail is given up. Two days in all. */
const BACKOFF_MS = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];

/**
 * Sends what is due. A try is noted before it is made, and a mail that was taken over is marked before the fact goes to the
 * session: whatever breaks off, what was sent is seen first and not sent again. The one gap no order can close is a
 * process that dies between the mail server's yes and the mark; the letter then goes twice under one message id.
 */
@Injectable()
export class MailSender {
  constructor(
    private readonly ops: OpsStore,
    private readonly mail: InvitationMail,
    private readonly letters: Letters,
    private readonly carrier: MailCarrier,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** One round. Answers how many deliveries were due; a failure of one never holds up the others. */
  async sendDue(signal?: AbortSignal): Promise<number> {
    const due = [...(await this.ops.deliveries.due(this.clock.now(), BATCH))];
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let next = due.shift(); next && !signal?.aborted; next = due.shift())
        await this.deliver(next, signal).catch((error: unknown) => failures.push(error));
    };
    const count = due.length;
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} deliveries could not be worked on.`);
    return count;
  }

  private async deliver(delivery: Delivery, stopping?: AbortSignal): Promise<void> {
    if (delivery.sentAt !== null) return this.conclude(delivery, true, null);
    const attempts = delivery.attempts + 1;
    await this.ops.deliveries.update(delivery.id, { attempts, nextAttemptAt: this.clock.now() + UNKNOWN_TRY_MS });
    const written = await this.letters.write(delivery).catch(async (error: unknown) => {
      // Nothing was tried: a store that is away for hours must not use up the tries of days.
      await this.ops.deliveries.update(delivery.id, { attempts: delivery.attempts });
      throw error;
    });
    const { sessionId } = delivery.refs as { sessionId: string };
    if (!written) return this.mail.forgetMailOf(sessionId);
    if (written.withheld) return this.conclude(delivery, false, written.withheld);
    try {
      await this.carrier.carry({ ...written.letter, deliveryId: delivery.id, sessionId }, stopping);
    } catch (error) {
      if (!(error instanceof CarriageError)) throw error;
      const wait = BACKOFF_MS[attempts - 1];
      if (error.isFinal || wait === undefined) return this.conclude(delivery, false, error.reason);
      const nextAttemptAt = this.clock.now() + wait;
      return this.ops.deliveries.update(delivery.id, { nextAttemptAt, lastError: error.reason });
    }
    await this.ops.deliveries.update(delivery.id, { sentAt: this.clock.now(), lastError: null });
    await this.conclude(delivery, true, null);
  }

  /**
   * The fact in the session (or with the key), then the end of the delivery. A session deleted before the fact takes its mail along here, one
   * deleted after it finds the mail and takes it along itself: no file outlives its session.
   */
  private async conclude(delivery: Delivery, delivered: boolean, reason: string | null): Promise<void> {
    const { id, orgId, refs } = delivery;
    const { sessionId } = refs as { sessionId: string };
    const { channel } = this.carrier;
    const report = { messageId: id, delivered, channel, reason };
    if (delivery.kind === INVITATION_BY_KEY) await this.recordKeyMail(delivery, report);
    else if (delivery.kind === FEEDBACK)
      await this.commands.execute(new RecordFeedbackDelivery(this.context(id), orgId, sessionId, report));
    else await this.commands.execute(new RecordInviteDelivery(this.context(id), orgId, sessionId, report));
    if (!(await this.letters.write(delivery))) return this.mail.forgetMailOf(sessionId);
    if (!delivered) return this.ops.deliveries.update(id, { state: 'failed', lastError: reason });
    await this.ops.deliveries.update(id, { state: channel === 'smtp' ? 'sent' : 'kept' });
  }

  private async recordKeyMail({ id, orgId, refs }: Delivery, report: Omit<KeyMailReport, 'keyId'>): Promise<void> {
    const { keyId = '', assessmentId = '' } = refs;
    await this.commands.execute(new RecordKeyMail(this.context(id), orgId, assessmentId, { keyId, ...report }));
  }

  private context(deliveryId: string): CommandContext {
    const actor = { kind: 'system', id: 'mail', via: 'system' } as const;
    return new CommandContext(actor, derivedId('invite_delivery', deliveryId), this.clock.now());
  }
}
