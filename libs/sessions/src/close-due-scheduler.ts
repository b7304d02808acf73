import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { Clock, Ids, isoTime, Rounds } from '#platform';
import { type Found, ReadModels } from '#read-store';
import { CloseDueSession } from './commands/close-due-session.js';
import { deadlines, type SessionDeadline } from './projections/deadlines.projection.js';

const TICK_MS = 1000;
/** A submit that was received in time may still be on its way through the mailbox. */
const GRACE_MS = 5000;
const PAGE = 200;
const AT_ONCE = 20;
const LONGEST_WAIT_MS = 60_000;

type Overdue = Found<SessionDeadline>;

/** What a session that is overdue was told before. */
interface Told {
  readonly tries: number;
  readonly failed: boolean;
  /** Told again from here on. */
  readonly again: number;
}

/**
 * Sends `close_due` to every session whose deadline has passed, also those missed while the server was down. It only
 * helps: each command on a session applies overdue deadlines first, so a second scheduler or a late tick does no harm.
 * Sessions that cannot be closed, however many, hold up no other: they are tried again ever more seldom, and told of once.
 */
@Injectable()
export class CloseDueScheduler {
  private readonly logger = new Logger(CloseDueScheduler.name);
  private told: ReadonlyMap<string, Told> = new Map();
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
    const now = this.clock.now();
    const waiting: Overdue[] = [];
    const seen = new Map<string, Told>();
    let told = 0;
    for (let page = await this.overdue(now); ; page = await this.overdue(now, page.at(-1))) {
      const fresh = page.filter((one) => !this.told.has(keyOf(one)));
      for (const one of page) {
        const before = this.told.get(keyOf(one));
        if (before) seen.set(keyOf(one), before);
        if (before && before.again <= now) waiting.push(one);
      }
      told += await this.tellAll(fresh, seen);
      if (page.length < PAGE) break;
    }
    // What stands there still is told after all the others, and few of it at a time: each try may take its 5 seconds.
    waiting.sort((a, b) => seen.get(keyOf(a))!.again - seen.get(keyOf(b))!.again);
    told += await this.tellAll(waiting.slice(0, AT_ONCE), seen);
    // Of those who are overdue no more nothing is kept.
    this.told = seen;
    return told;
  }

  private overdue(now: number, after?: Overdue): Promise<readonly Overdue[]> {
    const due = { at: { $lt: isoTime(now - GRACE_MS) } };
    const { at, _id } = after ?? {};
    const filter = after ? { $and: [due, { $or: [{ at: { $gt: at! } }, { at: at!, _id: { $gt: _id! } }] }] } : due;
    return this.readModels.find(deadlines, { filter, sort: [['at', 'asc']], limit: PAGE }, { after: 'anything' });
  }

  private async tellAll(sessions: readonly Overdue[], seen: Map<string, Told>): Promise<number> {
    for (let from = 0; from < sessions.length; from += AT_ONCE)
      await Promise.all(sessions.slice(from, from + AT_ONCE).map((one) => this.tell(one, seen)));
    return sessions.length;
  }

  /** Whether it helped shows in the read model alone: one that is quarantined there stays overdue, whatever is told. */
  private async tell(one: Overdue, seen: Map<string, Told>): Promise<void> {
    const { tries, failed } = seen.get(keyOf(one)) ?? { tries: 0, failed: false };
    const isClosed = await this.close(one, failed);
    const again = this.clock.now() + Math.min(TICK_MS * 2 ** tries, LONGEST_WAIT_MS);
    seen.set(keyOf(one), { tries: tries + 1, failed: failed || !isClosed, again });
  }

  private async close({ orgId, _id: sessionId }: Overdue, failedBefore: boolean): Promise<boolean> {
    const actor = { kind: 'system', id: 'scheduler', via: 'system' } as const;
    const context = new CommandContext(actor, this.ids.next(), this.clock.now());
    try {
      await this.commands.execute(new CloseDueSession(context, orgId, sessionId));
      return true;
    } catch (error) {
      if (!failedBefore)
        this.logger.error({ err: error, sessionId }, 'An overdue session could not be closed; it is tried again.');
      return false;
    }
  }
}

/** A session that is told of a later deadline is another one. */
const keyOf = ({ _id, at }: Overdue): string => `${_id} ${at}`;
