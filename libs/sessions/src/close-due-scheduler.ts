import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { Clock, Ids, isoTime, Rounds } from '#platform';
import { ReadModels } from '#read-store';
import { CloseDueSession } from './commands/close-due-session.js';
import { deadlines } from './projections/deadlines.projection.js';

const TICK_MS = 1000;
/** A submit that was received in time may still be on its way through the mailbox. */
const GRACE_MS = 5000;
const PAGE = 200;

/**
 * Sends `close_due` to every session whose deadline has passed, also those missed while the server was down. It only
 * helps: each command on a session applies overdue deadlines first, so a second scheduler or a late tick does no harm.
 */
@Injectable()
export class CloseDueScheduler {
  private readonly logger = new Logger(CloseDueScheduler.name);
  private readonly rounds = new Rounds(
    TICK_MS,
    () => this.tick(),
    (error) => this.logger.error({ err: error }, 'Overdue sessions could not be looked for.'),
  );

  constructor(
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** In the projector role, by whoever holds its lease. */
  start(): void {
    this.rounds.start();
  }

  /** Answers when the tick under way is done. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Answers how many sessions were told. */
  async tick(): Promise<number> {
    const due = isoTime(this.clock.now() - GRACE_MS);
    const query = { filter: { at: { $lt: due } }, sort: [['at', 'asc']] as const, limit: PAGE };
    const found = await this.readModels.find(deadlines, query, { after: 'anything' });
    for (const { _id, orgId } of found) await this.close(orgId, _id);
    return found.length;
  }

  private async close(orgId: string, sessionId: string): Promise<void> {
    const actor = { kind: 'system', id: 'scheduler', via: 'system' } as const;
    const context = new CommandContext(actor, this.ids.next(), this.clock.now());
    try {
      await this.commands.execute(new CloseDueSession(context, orgId, sessionId));
    } catch (error) {
      // The others must not wait for this one; it is due again at the next tick.
      this.logger.error({ err: error, sessionId }, 'An overdue session could not be closed.');
    }
  }
}
