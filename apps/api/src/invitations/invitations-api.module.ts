import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { InvitationsModule } from '#invitations';
import { InvitationsController } from './invitations.controller.js';
import { OutboxController } from './outbox.controller.js';

@Module({ imports: [CqrsModule, InvitationsModule], controllers: [InvitationsController, OutboxController] })
export class InvitationsApiModule {}
