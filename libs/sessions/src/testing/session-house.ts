import { Assessments, AssessmentsModule, type AssessmentWish, CreateAssessment } from '#assessments';
import { CandidatesModule, RegisterCandidate } from '#candidates';
import { CommandContext, type Fact, FactCodec, type Policy, streamName } from '#event-sourcing';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import { derivedId } from '#platform';
import { ReadModels } from '#read-store';
import { type Invitation, InviteSession } from '../commands/invite-session.js';
import { StartTask } from '../commands/start-task.js';
import { deadlines, deadlinesProjection } from '../projections/deadlines.projection.js';
import { sessionListProjection } from '../projections/session-list.projection.js';
import type { SessionState } from '../session.state.js';
import { Sessions } from '../sessions.js';
import { SessionsModule } from '../sessions.module.js';

const MODULES = [OrganizationsModule, AssessmentsModule, CandidatesModule, SessionsModule];
const PROJECTIONS = [sessionListProjection, deadlinesProjection];

/** One organization with one candidate on stores in memory, in as many processes as asked for. */
export class SessionHouse {
  private readonly rooms: Room[] = [];
  private attempts = 0;
  orgId: string;
  candidateId: string;
  room: Room;

  private constructor(readonly ground: Ground) {}

  static async open(): Promise<SessionHouse> {
    const house = new SessionHouse(await newGround());
    house.room = await house.process();
    const { commands } = house.room;
    const created = await commands.execute(new CreateOrganization(house.room.context(), { name: 'Acme' }));
    house.orgId = created.organization.id;
    const person = { email: 'jane@example.com', name: 'Jane' };
    house.candidateId = (
      await commands.execute(new RegisterCandidate(house.room.context(), house.orgId, person))
    ).candidateId;
    return house;
  }

  /** Another process on the same stores; `ground` may be one that fails. */
  async process(ground: Ground = this.ground): Promise<Room> {
    const room = await Room.open(ground, MODULES, { projections: PROJECTIONS });
    this.rooms.push(room);
    return room;
  }

  async assess(wish: Partial<AssessmentWish> = {}): Promise<string> {
    const command = new CreateAssessment(this.room.context(), this.orgId, { name: 'Senior PM', ...wish });
    return (await this.room.commands.execute(command)).id;
  }

  /** As an invitation does that was decided on `found`; by default on the assessment as it is. */
  async invite(assessmentId: string, more: Partial<Invitation> = {}): Promise<string> {
    this.attempts += 1;
    const found = (await this.room.get(Assessments).find(this.orgId, assessmentId))!;
    const sessionId = derivedId('session', this.orgId, assessmentId, this.attempts);
    const invitation = {
      sessionId,
      assessmentId,
      found,
      candidateId: this.candidateId,
      attempt: this.attempts,
      dueDate: null,
      sendEmail: false,
      ...more,
    };
    await this.room.commands.execute(new InviteSession(this.room.context(), this.orgId, invitation));
    return sessionId;
  }

  async atWork(wish: Partial<AssessmentWish> = {}): Promise<string> {
    const sessionId = await this.invite(await this.assess(wish));
    await this.room.commands.execute(new StartTask(this.room.context(), this.orgId, sessionId));
    return sessionId;
  }

  async session(id: string): Promise<SessionState | undefined> {
    return (await this.room.get(Sessions).find(this.orgId, id))?.state;
  }

  async types(sessionId: string): Promise<readonly string[]> {
    return (await this.facts(streamName('session', this.orgId, sessionId))).map(({ type }) => type);
  }

  /** Every fact whose stream name starts with this, in order. */
  async facts(prefix = ''): Promise<readonly Fact[]> {
    const filter = prefix === '' ? {} : { streamPrefixes: [prefix] };
    const { events } = await this.ground.log.readAll({ limit: 4096, filter });
    return new FactCodec(this.ground.ops).decodeAll(events);
  }

  /** Answers when the read models show everything that this process wrote. */
  async projected(): Promise<void> {
    await this.room.get(ReadModels).count(deadlines);
  }

  /** The policy over everything there is, as its first run would see it. */
  async react(policy: Policy, room: Room = this.room): Promise<void> {
    for (const fact of await this.facts())
      if (policy.types.includes(fact.type)) {
        const actor = { kind: 'system', id: policy.name, via: 'system' } as const;
        await policy.react(fact, new CommandContext(actor, derivedId('reaction', fact.id), room.clock.now()));
      }
  }

  async close(): Promise<void> {
    for (const room of this.rooms) await room.close();
    await this.ground.log.close();
    await this.ground.ops.close();
  }
}
