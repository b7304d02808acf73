import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { type CreatedOrganization, CreateOrganization } from '#organizations';
import { AllowOperator, Context } from '../http/index.js';
import { NewOrganizationBody } from './organization.bodies.js';

/** W18: for whoever runs the server; without an operator token it is not there. */
@Controller('api/organizations')
@AllowOperator()
export class OrganizationsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  create(@Context() context: CommandContext, @Body() body: NewOrganizationBody): Promise<CreatedOrganization> {
    return this.commands.execute(new CreateOrganization(context, body));
  }
}
