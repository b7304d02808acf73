import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { RegisterCandidate } from '#candidates';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { CredentialClaims, Entitlements } from '#organizations';
import { derivedId, Ids, notFound, VerbatimError } from '#platform';
import { type AccessState, accessAggregate } from '../access.aggregate.js';
import { issueKeys } from '../access.decider.js';
import type { IssuedKey } from '../access.events.js';
import { type Invitee, inviteesOf, type KeysWish } from '../invitees.js';
import { accessStream, candidateOfKey } from '../key-ids.js';
import { makeKeyText } from '../key-text.js';
import { KeyVault } from '../key-vault.js';
import { type KeyView, KeyViews, viewable } from '../key-views.js';

/**
 * V5. All keys of a call are one event. What comes before it (people registered, keys claimed) means nothing without
 * it, and the ids of the keys follow from the command: asked again after a crash anywhere, it issues once.
 */
export class IssueKeys extends Command<readonly KeyView[]> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly assessmentId: string,
    readonly wish: KeysWish,
  ) {
    super();
  }
}

@CommandHandler(IssueKeys)
export class IssueKeysHandler implements ICommandHandler<IssueKeys> {
  constructor(
    private readonly commands: CommandBus,
    private readonly aggregates: AggregateStore,
    private readonly entitlements: Entitlements,
    private readonly assessments: Assessments,
    private readonly claims: CredentialClaims,
    private readonly vault: KeyVault,
    private readonly views: KeyViews,
    private readonly ids: Ids,
  ) {}

  async execute(command: IssueKeys): Promise<readonly KeyView[]> {
    const { context, orgId, assessmentId, wish } = command;
    const invitees = inviteesOf(wish);
    const stream = accessStream(orgId, assessmentId);
    const keyIds = invitees.map((_, index) => derivedId('candidate_key', orgId, context.commandId, index));
    const found = await this.assessments.find(orgId, assessmentId);
    if (!found) throw notFound('assessment');
    let { state } = await this.aggregates.load(accessAggregate, stream);
    if (!keyIds.some((keyId) => state.keys.has(keyId))) {
      await this.entitlements.requireSubscription(orgId);
      if (!found.assessment.isActive)
        throw new VerbatimError('assessment_inactive', 'This assessment is not active: no keys are issued for it.');
      const keys = await Promise.all(invitees.map((invitee, at) => this.make(command, keyIds[at]!, invitee)));
      const { expiresInDays } = found.assessment;
      const issued = { assessmentId, expiresInDays, keys, orgName: wish.orgName?.trim() || null };
      state = (await this.aggregates.change(accessAggregate, stream, context, (now) => issueKeys(now, issued))).state;
    }
    return this.shown(command, state, keyIds);
  }

  private async make(command: IssueKeys, keyId: string, invitee: Invitee | null): Promise<IssuedKey> {
    const { context, orgId } = command;
    const candidateId = invitee
      ? (await this.commands.execute(new RegisterCandidate(context, orgId, invitee))).candidateId
      : candidateOfKey(orgId, keyId);
    const text = await this.claimNew(command, keyId);
    const box = await this.vault.seal({ candidateId, keyId }, text);
    return { keyId, candidateId, credential: this.claims.credentialOf(text), mailed: invitee !== null, box };
  }

  /** A key that some organization holds already is drawn again: nobody's key ever opens two doors. */
  private async claimNew({ context, orgId, assessmentId }: IssueKeys, keyId: string): Promise<string> {
    for (;;) {
      const text = makeKeyText(this.ids);
      const wanted = { kind: 'candidate_key', orgId, keyId, assessmentId } as const;
      const holder = await this.claims.take(context, text, wanted);
      if (holder.kind === wanted.kind && holder.orgId === orgId && holder.keyId === keyId) return text;
    }
  }

  private shown({ orgId, assessmentId }: IssueKeys, state: AccessState, keyIds: readonly string[]) {
    const keys = keyIds.map((keyId) => viewable(assessmentId, state.keys.get(keyId)!));
    return this.views.of(orgId, keys, { names: true, keys: true });
  }
}
