import { Body, Controller, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IsBoolean, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { CommandContext } from '#event-sourcing';
import { InviteCandidate } from '#invitations';
import type { KeyPrincipal } from '#platform';
import { GetSession, type SessionView } from '#sessions';
import { Allow, Caller, CleanText, Context, EmailAddress, IfGiven, IsoTime } from '../http/index.js';

export class InviteBody {
  @EmailAddress()
  email: string;

  /** Left out or blank: the part of the address before the @. */
  @IsOptional()
  @CleanText(255, 0)
  name?: string | null;

  /** Your own id of the person: webhooks echo it. */
  @IsOptional()
  @CleanText(128)
  externalId?: string | null;

  /** Overrides the assessment's. */
  @IsOptional()
  @IsoTime()
  dueDate?: string | null;

  /** Left out: true. */
  @IfGiven()
  @IsBoolean()
  sendEmail?: boolean;

  /** Makes another attempt although there is an active one. */
  @IfGiven()
  @IsBoolean()
  newAttempt?: boolean;

  /** Mails the link of the existing session again. */
  @IfGiven()
  @IsBoolean()
  resend?: boolean;
}

export interface InviteAnswer {
  readonly session: SessionView;
  readonly inviteUrl: string;
  readonly created: boolean;
}

/** A7. */
@Controller('api/assessments/:assessmentId/invite')
@Allow('admin')
export class InvitationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  async invite(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('assessmentId') assessmentId: string,
    @Body() { email, name, externalId, dueDate, sendEmail = true, newAttempt = false, resend = false }: InviteBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InviteAnswer> {
    const wish = { email, name, externalId, dueDate, sendEmail, newAttempt, resend };
    const invited = await this.commands.execute(new InviteCandidate(context, orgId, assessmentId, wish));
    const { sessionId, inviteUrl, created } = invited;
    reply.status(created ? HttpStatus.CREATED : HttpStatus.OK);
    const session = await this.queries.execute(new GetSession(orgId, sessionId, { names: true, tokens: true }));
    return { session, inviteUrl, created };
  }
}
