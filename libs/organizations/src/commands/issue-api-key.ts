import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { CredentialClaims } from '../credential-claims.js';
import { KeySecrets } from '../key-secrets.js';
import { organizationAggregate } from '../organization.aggregate.js';
import { grantApiKey, issueApiKey, type KeyWish } from '../organization.decider.js';
import { type ApiKeyView, apiKeyView } from '../organization.views.js';

export interface IssuedApiKey {
  readonly apiKey: ApiKeyView;
  /** The key itself, this once. */
  readonly key: string;
}

export class IssueApiKey extends Command<IssuedApiKey> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly wish: KeyWish,
  ) {
    super();
  }
}

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly claims: CredentialClaims,
    private readonly secrets: KeySecrets,
  ) {}

  async execute({ context, orgId, wish }: IssueApiKey): Promise<IssuedApiKey> {
    const stream = streamName('organization', orgId);
    const asked = { by: context.actor, at: context.receivedAt };
    // A wish that will be refused should leave no claim behind.
    grantApiKey((await this.aggregates.load(organizationAggregate, stream)).state, wish, asked);
    const key = this.secrets.make();
    const made = await this.claims.claim(context, orgId, key);
    const { state } = await this.aggregates.change(organizationAggregate, stream, context, (before) =>
      issueApiKey(before, made, wish, asked),
    );
    return { apiKey: apiKeyView(orgId, state.keys.get(made.keyId)!, { isActive: true, lastUsedAt: null }), key };
  }
}
