import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { derivedId, requireText } from '#platform';
import { Founding } from '../founding.js';
import { requireRecent } from '../organization.decider.js';
import type { OrganizationView } from '../organization.views.js';

export interface CreatedOrganization {
  readonly organization: OrganizationView;
  /** Its owner key, this once. */
  readonly key: string;
}

/** The id follows from the command: asked again after a crash anywhere, it founds once and tells the same owner key. */
export class CreateOrganization extends Command<CreatedOrganization> {
  constructor(
    readonly context: CommandContext,
    readonly wish: { name: string },
  ) {
    super();
  }
}

@CommandHandler(CreateOrganization)
export class CreateOrganizationHandler implements ICommandHandler<CreateOrganization> {
  constructor(private readonly founding: Founding) {}

  async execute({ context, wish }: CreateOrganization): Promise<CreatedOrganization> {
    // Before the credential is claimed: a name that will be refused should leave nothing behind.
    const name = requireText(wish.name, 'name');
    const orgId = derivedId('organization', context.commandId);
    const { organization, created, key } = await this.founding.found(context, { orgId, name });
    if (!created) requireRecent(organization.createdAt, context.receivedAt);
    return { organization, key };
  }
}
