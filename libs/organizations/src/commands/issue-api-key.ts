import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { Founding } from '../founding.js';
import { KeySecrets } from '../key-secrets.js';
import { organizationAggregate } from '../organization.aggregate.js';
import { issueApiKey, type KeyWish, type MadeKey } from '../organization.decider.js';
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
    private readonly founding: Founding,
    private readonly secrets: KeySecrets,
  ) {}

  async execute({ context, orgId, wish }: IssueApiKey): Promise<IssuedApiKey> {
    const stream = streamName('organization', orgId);
    const asked = { by: context.actor, at: context.receivedAt };
    const decide = (made: MadeKey) => (state: typeof organizationAggregate.initialState) =>
      issueApiKey(state, made, wish, asked);
    // Asked once for nothing: a wish that will be refused should leave no claim behind.
    decide(PROBE)((await this.aggregates.load(organizationAggregate, stream)).state);
    const key = this.secrets.make();
    const made = await this.founding.claim(context, orgId, key);
    const { state } = await this.aggregates.change(organizationAggregate, stream, context, decide(made));
    return { apiKey: apiKeyView(orgId, state.keys.get(made.keyId)!, { isActive: true, lastUsedAt: null }), key };
  }
}

const PROBE: MadeKey = { keyId: '', keyPrefix: '', credential: '' };
