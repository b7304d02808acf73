import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { derivedId } from '#platform';
import { CredentialClaims } from '../credential-claims.js';
import { KeySecrets } from '../key-secrets.js';
import { organizationAggregate } from '../organization.aggregate.js';
import { grantApiKey, issueApiKey, isUsable, type KeyWish, wasIssued } from '../organization.decider.js';
import { type ApiKeyView, apiKeyView } from '../organization.views.js';

export interface IssuedApiKey {
  readonly apiKey: ApiKeyView;
  /** The key itself, this once. */
  readonly key: string;
}

/** The id follows from the command: asked again after a crash anywhere, it issues once and tells the same key. */
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
    const keyId = derivedId('api_key', orgId, context.commandId);
    const { state: known } = await this.aggregates.load(organizationAggregate, stream);
    // A wish that will be refused should leave no claim behind.
    if (!wasIssued(known, keyId, asked)) grantApiKey(known, wish, asked);
    const key = await this.secrets.make(keyId);
    const made = await this.claims.claim(context, { orgId, keyId, key });
    const { state } = await this.aggregates.change(organizationAggregate, stream, context, (before) =>
      issueApiKey(before, made, wish, asked),
    );
    const issued = state.keys.get(keyId)!;
    return { apiKey: apiKeyView(orgId, issued, { isActive: isUsable(issued, asked.at), lastUsedAt: null }), key };
  }
}
