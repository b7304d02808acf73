import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { GetRedeemed, type KeyBearer, type Redeemed, RedeemKey } from '#access';
import { VerbatimError } from '#platform';
import { Authenticator, CleanText, contextOf, IfGiven, Public } from '../http/index.js';

export class RedemptionBody {
  /** Here, or as `X-API-Key`, or as Bearer. */
  @IfGiven()
  @CleanText(64)
  key?: string;

  /** How the candidate is called, where the organization gave no address. */
  @IfGiven()
  @CleanText()
  candidateName?: string;
}

/** V10. Public, since the credential may stand in the body: it is asked for here. */
@Controller('v1/candidate/redeem')
@Public()
export class RedemptionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly authenticator: Authenticator,
  ) {}

  @Post()
  @HttpCode(200)
  async redeem(@Req() request: FastifyRequest, @Body() body: RedemptionBody): Promise<Redeemed> {
    const bearer = await this.bearerOf(request, body.key);
    request.verbatim.principal = bearer;
    await this.commands.execute(new RedeemKey(contextOf(request), bearer, body.candidateName?.trim() ?? null));
    return this.queries.execute(new GetRedeemed(bearer));
  }

  private async bearerOf(request: FastifyRequest, key: string | undefined): Promise<KeyBearer> {
    const { principal, refusal } = request.verbatim;
    if (key !== undefined && (principal || refusal))
      throw new VerbatimError('invalid_request', 'Send one credential, not two: the key in the body or in a header.');
    if (key !== undefined) return this.authenticator.authenticateKey(key, request.ip);
    if (refusal) throw refusal;
    if (principal?.kind === 'candidate' && principal.keyId !== undefined && principal.assessmentId !== undefined)
      return { ...principal, keyId: principal.keyId, assessmentId: principal.assessmentId };
    if (principal) throw new VerbatimError('insufficient_scope', 'Only a candidate key (PST-…) is redeemed.');
    throw new VerbatimError('missing_parameter', 'key is required.', { param: 'key' });
  }
}
