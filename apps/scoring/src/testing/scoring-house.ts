import { Logger } from '@nestjs/common';
import { Assessments, AssessmentsModule, CreateAssessment } from '#assessments';
import { CandidatesModule, RegisterCandidate } from '#candidates';
import { type Fact, FactCodec, streamName } from '#event-sourcing';
import { type Ground, Room } from '#event-sourcing/testing/room.js';
import {
  type EmbeddedConsumerGroups,
  openEmbeddedConsumerGroups,
  openEmbeddedEventStore,
} from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import { derivedId, RandomIds, SystemClock } from '#platform';
import { type Judge, ScoringModule, Submissions } from '#scoring';
import {
  InviteSession,
  RecordActivities,
  RequestScoring,
  type SessionState,
  Sessions,
  SessionsModule,
  StartTask,
  SubmitSession,
} from '#sessions';
import { ScoringWorker } from '../scoring-worker.js';

const MODULES = [OrganizationsModule, AssessmentsModule, CandidatesModule, SessionsModule, ScoringModule];

export interface ScorerWish {
  readonly judge: Judge;
  readonly concurrency?: number;
  readonly leaseMs?: number;
}

/** An organization whose sessions are submitted, and scorers over the same stores as processes of their own. */
export class ScoringHouse {
  private readonly rooms: Room[] = [];
  private readonly workers: ScoringWorker[] = [];
  private attempts = 0;

  private constructor(
    readonly ground: Ground,
    readonly groups: EmbeddedConsumerGroups,
    readonly room: Room,
    readonly orgId: string,
    private readonly candidateId: string,
  ) {
    this.rooms.push(room);
  }

  static async open(): Promise<ScoringHouse> {
    const log = await openEmbeddedEventStore({ memory: true });
    const ops = await EmbeddedOpsStore.open({ secret: 'a secret of specs, long enough to be one' });
    const groups = await openEmbeddedConsumerGroups({ directory: undefined, log, clock: new SystemClock() });
    const room = await Room.open({ log, ops }, MODULES);
    const { organization } = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }));
    const person = { email: 'jane@example.com', name: 'Jane' };
    const { candidateId } = await room.commands.execute(new RegisterCandidate(room.context(), organization.id, person));
    return new ScoringHouse({ log, ops }, groups, room, organization.id, candidateId);
  }

  /** A scorer at work, on the clock of its own room: it stands where the house's does. */
  async scorer({ judge, concurrency = 1, leaseMs = 60_000 }: ScorerWish): Promise<ScoringWorker> {
    const room = await Room.open(this.ground, MODULES);
    // Scorers say what goes wrong, and in specs much is made to.
    Logger.overrideLogger(false);
    room.clock.set(this.room.clock.now());
    this.rooms.push(room);
    const worker = new ScoringWorker(
      this.groups,
      {
        commands: room.commands,
        submissions: room.get(Submissions),
        judges: { judge, runs: 1, spreadBound: 0.25 },
        clock: room.clock,
        ids: new RandomIds(),
        leaseMs,
      },
      { concurrency },
    );
    this.workers.push(worker);
    worker.start();
    return worker;
  }

  /** All the processes' clocks. */
  advance(milliseconds: number): void {
    for (const { clock } of this.rooms) clock.advance(milliseconds);
  }

  /** A session of an assessment of that name, with a message in it, submitted: its score is asked for. */
  async submitted(name = 'Senior PM'): Promise<string> {
    const { room, orgId, candidateId } = this;
    const { commands } = room;
    const { id: assessmentId } = await commands.execute(new CreateAssessment(room.context(), orgId, { name }));
    this.attempts += 1;
    const attempt = this.attempts;
    const sessionId = derivedId('session', orgId, assessmentId, attempt);
    const found = (await room.get(Assessments).find(orgId, assessmentId))!;
    const invitation = { sessionId, assessmentId, found, candidateId, attempt, dueDate: null, sendEmail: false };
    await commands.execute(new InviteSession(room.context(), orgId, invitation));
    await commands.execute(new StartTask(room.context(), orgId, sessionId));
    const message = {
      id: 'm1',
      type: 'user_message',
      timestampMs: room.clock.now(),
      data: { content: 'What is asked?' },
    };
    await commands.execute(new RecordActivities(room.context(), orgId, sessionId, [message]));
    await commands.execute(new SubmitSession(room.context(), orgId, sessionId, null));
    return sessionId;
  }

  async ask(sessionId: string): Promise<void> {
    const { room, orgId } = this;
    await room.commands.execute(new RequestScoring(room.context(), orgId, sessionId, null));
  }

  async session(sessionId: string): Promise<SessionState> {
    return (await this.room.get(Sessions).require(this.orgId, sessionId)).state;
  }

  /** Of the session's facts, those that tell of its score. */
  async facts(sessionId: string): Promise<string[]> {
    return (await this.told(sessionId)).map(({ type }) => type).filter((type) => type.includes('scor'));
  }

  /** Why attempts at its score failed, and why it was parked. */
  async reasons(sessionId: string): Promise<unknown[]> {
    return (await this.told(sessionId)).flatMap(({ type, data }) =>
      type === 'scoring_failed' || type === 'scoring_parked' ? [(data as { reason?: unknown }).reason] : [],
    );
  }

  private async told(sessionId: string): Promise<readonly Fact[]> {
    const filter = { streamPrefixes: [streamName('session', this.orgId, sessionId)] };
    const { events } = await this.ground.log.readAll({ limit: 4096, filter });
    return new FactCodec(this.ground.ops).decodeAll(events);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(0)));
    await this.groups.close();
    for (const room of this.rooms) await room.close();
    await this.ground.log.close();
    await this.ground.ops.close();
  }
}
