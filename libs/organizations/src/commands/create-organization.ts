import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { Ids, requireText } from '#platform';
import { Founding } from '../founding.js';
import type { OrganizationView } from '../organization.views.js';

export interface CreatedOrganization {
  readonly organization: OrganizationView;
  /** Its owner key, this once. */
  readonly key: string;
}

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
  constructor(
    private readonly founding: Founding,
    private readonly ids: Ids,
  ) {}

  async execute({ context, wish }: CreateOrganization): Promise<CreatedOrganization> {
    // Before the credential is claimed: a name that will be refused should leave nothing behind.
    const name = requireText(wish.name, 'name');
    const { organization, key } = await this.founding.found(context, { orgId: this.ids.next(), name });
    return { organization, key };
  }
}
