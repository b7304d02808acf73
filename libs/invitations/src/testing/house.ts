import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssessmentsModule, type AssessmentWish, CreateAssessment } from '#assessments';
import { CandidatesModule } from '#candidates';
import { CommandContext, type Fact, FactCodec } from '#event-sourcing';
import { systemActor } from '#event-sourcing/testing/given.js';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import { type SessionState, Sessions, SessionsModule } from '#sessions';
import { InviteCandidate, type Invited, type InviteWish } from '../commands/invite-candidate.js';
import { InvitationsModule } from '../invitations.module.js';
import { MailSender } from '../mail/mail-sender.js';
import { MailInvitedCandidates } from '../policies/mail-invited-candidates.js';

const MODULES = [OrganizationsModule, AssessmentsModule, CandidatesModule, SessionsModule, InvitationsModule];
const plain = { email: 'alice@example.com', sendEmail: true, newAttempt: false, resend: false };

/** One organization with one assessment on stores in memory and an outbox folder of its own, in as many processes as asked for. */
export class House {
  private readonly rooms: Room[] = [];

  private constructor(
    readonly ground: Ground,
    readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  readonly outbox = (): string => join(this.dataDir, 'outbox');
  orgId = '';
  assessmentId = '';
  room: Room;

  static async open(env: Readonly<Record<string, string>> = {}): Promise<House> {
    const house = new House(await newGround(), await mkdtemp(join(tmpdir(), 'house-')), env);
    house.room = await house.process();
    const { organization } = await house.room.commands.execute(
      new CreateOrganization(house.room.context(), { name: 'Acme' }),
    );
    house.orgId = organization.id;
    house.assessmentId = await house.newAssessment();
    return house;
  }

  /** Another process on the same stores; `ground` may be one that fails. */
  async process(ground: Ground = this.ground, env: Readonly<Record<string, string>> = {}): Promise<Room> {
    const room = await Room.open(ground, MODULES, { env: { VERBATIM_DATA_DIR: this.dataDir, ...this.env, ...env } });
    this.rooms.push(room);
    return room;
  }

  async newAssessment(wish: Partial<AssessmentWish> = {}): Promise<string> {
    const command = new CreateAssessment(this.room.context(), this.orgId, { name: 'Senior PM', ...wish });
    return (await this.room.commands.execute(command)).id;
  }

  invite(
    wish: Partial<InviteWish> = {},
    by: Room = this.room,
    assessmentId = this.assessmentId,
    context = by.context(),
  ): Promise<Invited> {
    return by.commands.execute(new InviteCandidate(context, this.orgId, assessmentId, { ...plain, ...wish }));
  }

  async session(id: string): Promise<SessionState | undefined> {
    return (await this.room.get(Sessions).find(this.orgId, id))?.state;
  }

  /** Every fact (whose stream name starts with this), in order. */
  async facts(prefix?: string): Promise<readonly Fact[]> {
    const filter = prefix === undefined ? {} : { streamPrefixes: [prefix] };
    const { events } = await this.ground.log.readAll({ limit: 4096, filter });
    return new FactCodec(this.ground.ops).decodeAll(events);
  }

  /** The policy over everything there is, as its first run would see it. */
  async runMailPolicy(room: Room = this.room): Promise<void> {
    const policy = room.get(MailInvitedCandidates);
    for (const fact of await this.facts('session-'))
      if (policy.types.includes(fact.type))
        await policy.react(fact, new CommandContext(systemActor, `${policy.name}:${fact.id}`, room.clock.now()));
  }

  sendDue(room: Room = this.room): Promise<number> {
    return room.get(MailSender).sendDue();
  }

  async deliveries() {
    return (await this.ground.ops.deliveries.list(this.orgId, { limit: 100, offset: 0 })).deliveries;
  }

  async close(): Promise<void> {
    for (const room of this.rooms) await room.close();
    await this.ground.log.close();
    await this.ground.ops.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
