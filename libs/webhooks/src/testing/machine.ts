import { AssessmentsModule, CreateAssessment } from '#assessments';
import { CandidatesModule } from '#candidates';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { InvitationsModule, InviteCandidate } from '#invitations';
import type { Deliveries, Delivery, OpsStore } from '#ops-store';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import { derivedId, VerbatimError } from '#platform';
import { SessionsModule } from '#sessions';
import { CreateWebhook } from '../commands/create-webhook.js';
import { Messages } from '../sending/messages.js';
import { type Call, CallFailed, type WebhookCarrier } from '../sending/webhook-carrier.js';
import { WebhookQueue } from '../sending/webhook-queue.js';
import { WebhookSender } from '../sending/webhook-sender.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { Webhooks } from '../webhooks.js';
import { WebhooksModule } from '../webhooks.module.js';

const MODULES = [
  OrganizationsModule,
  AssessmentsModule,
  CandidatesModule,
  SessionsModule,
  InvitationsModule,
  WebhooksModule,
];

/** `broken`: a mistake of ours in the middle of a try; `away`: a store was. */
export type Outcome = 'taken' | 'refused' | 'broken' | 'away' | 'died';

export interface Arrival {
  readonly url: string;
  readonly messageId: string;
  readonly at: number;
  readonly outcome: Outcome;
}

/**
 * The delivery machine on stores in memory and a clock that is moved, with a receiver that does what the script says: takes a message,
 * refuses it, or takes it while the sending process dies before it can note that.
 */
export class Machine {
  arrivals: Arrival[] = [];
  private process: { readonly sender: WebhookSender; isDead: boolean };
  private position = 0n;

  private constructor(
    readonly ground: Ground,
    readonly room: Room,
    readonly orgId: string,
    readonly webhookIds: readonly string[],
    readonly sessionIds: readonly string[],
    public outcomeOf: (call: Call) => Outcome,
  ) {
    this.process = this.start();
  }

  static async open(webhooks: number, sessions: number): Promise<Machine> {
    const ground = await newGround();
    const room = await Room.open(ground, MODULES, { env: { VERBATIM_WEBHOOK_ALLOW_PRIVATE: 'on' } });
    const run = room.commands;
    const { organization } = await run.execute(new CreateOrganization(room.context(), { name: 'Acme' }));
    const assessment = await run.execute(new CreateAssessment(room.context(), organization.id, { name: 'Senior PM' }));
    const webhookIds: string[] = [];
    for (let index = 0; index < webhooks; index += 1) {
      const made = await run.execute(
        new CreateWebhook(room.context(), organization.id, { url: `http://127.0.0.1:9/${index}` }),
      );
      webhookIds.push(made.webhook.id);
    }
    const sessionIds: string[] = [];
    for (let index = 0; index < sessions; index += 1) {
      const wish = { email: `c${index}@example.com`, sendEmail: false, newAttempt: false, resend: false };
      const invited = await run.execute(new InviteCandidate(room.context(), organization.id, assessment.id, wish));
      sessionIds.push(invited.sessionId);
    }
    return new Machine(ground, room, organization.id, webhookIds, sessionIds, () => 'taken');
  }

  /** Something happened to that session, and that webhook is to hear of it. Answers the message's id. */
  async happen(webhook: number, session: number): Promise<string> {
    this.position += 1n;
    const refs = {
      webhookId: this.webhookIds[webhook]!,
      sessionId: this.sessionIds[session]!,
      event: 'session.submitted',
      occurredAt: new Date(this.room.clock.now()).toISOString(),
    };
    const fact = { id: `fact-${this.position}`, position: this.position };
    await this.room.get(WebhookQueue).add(this.orgId, refs, fact, this.room.clock.now());
    return derivedId('webhook_message', fact.id, refs.webhookId);
  }

  /** Sends until nothing is due. */
  async run(): Promise<void> {
    for (;;) {
      await this.process.sender.idle();
      if (this.process.isDead) this.restart();
      if ((await this.process.sender.sendDue()) === 0) return;
    }
  }

  /** What the process remembered is gone. */
  restart(): void {
    this.process = this.start();
  }

  async deliveries(ids: readonly string[]): Promise<readonly Delivery[]> {
    const found = await Promise.all(ids.map((id) => this.ground.ops.deliveries.find(id)));
    return found.filter((delivery) => delivery !== undefined);
  }

  async close(): Promise<void> {
    await this.room.close();
    await this.ground.log.close();
    await this.ground.ops.close();
  }

  private start(): Machine['process'] {
    const { room, ground } = this;
    const { deliveries } = ground.ops;
    const life = { isDead: false };
    const update: Deliveries['update'] = async (id, change) => {
      if (life.isDead) throw new Error('A dead process writes nothing.');
      await deliveries.update(id, change);
    };
    const reading = Object.fromEntries(
      (['due', 'dueTargets', 'headOf', 'deleteFor'] as const).map((name) => [name, deliveries[name].bind(deliveries)]),
    );
    const sender = new WebhookSender(
      { deliveries: { ...reading, update } } as unknown as OpsStore,
      room.get(Webhooks),
      room.get(WebhookSecrets),
      room.get(Messages),
      { carry: (call: Call) => this.arrive(call, life) } as unknown as WebhookCarrier,
      room.clock,
    );
    return Object.assign(life, { sender });
  }

  private async arrive(call: Call, life: { isDead: boolean }): Promise<void> {
    const planned = this.outcomeOf(call);
    const at = this.room.clock.now();
    // Other calls come in between.
    await new Promise(setImmediate);
    life.isDead ||= planned === 'died';
    const outcome = life.isDead ? 'died' : planned;
    this.arrivals.push({ url: call.url, messageId: call.headers['webhook-id']!, at, outcome });
    if (outcome === 'refused') throw new CallFailed('http 500');
    if (outcome === 'away') throw new VerbatimError('storage_unavailable', 'The event log cannot be reached.');
    if (outcome === 'broken') throw new TypeError('A mistake of ours.');
  }
}
