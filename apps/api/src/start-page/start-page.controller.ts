import { Controller, Get, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { Ids, isVerbatimError } from '#platform';
import { GetWorkspace, SessionTokens } from '#sessions';
import { Public } from '../http/index.js';
import { startPage, unknownLinkPage } from './start-page.html.js';

/** Where an invite link leads unless a workspace of one's own is configured. Fetching it changes nothing. */
@Controller('s')
export class StartPageController {
  constructor(
    private readonly queries: QueryBus,
    private readonly tokens: SessionTokens,
    private readonly ids: Ids,
  ) {}

  @Public()
  @Get(':token')
  async show(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const nonce = this.ids.secret(16).toString('base64');
    const page = await this.page(token, nonce);
    reply
      .code(page === undefined ? 404 : 200)
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy(nonce));
    return page ?? unknownLinkPage(nonce);
  }

  /** Undefined: no such link. A forged one and a deleted session's read alike. */
  private async page(token: string, nonce: string): Promise<string | undefined> {
    try {
      const { orgId, sessionId } = this.tokens.verify(token);
      return startPage(await this.queries.execute(new GetWorkspace(orgId, sessionId)), token, nonce);
    } catch (error) {
      if (isVerbatimError(error, 'session_token_invalid', 'not_found')) return undefined;
      throw error;
    }
  }
}

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
