import { Injectable } from '@nestjs/common';
import { VerbatimConfig } from '#platform';
import { SessionTokens } from '#sessions';

/** A candidate's personal link: the workspace's address and the session's token, made anew each time, never stored. */
@Injectable()
export class InviteLinks {
  constructor(
    private readonly config: VerbatimConfig,
    private readonly tokens: SessionTokens,
  ) {}

  of(orgId: string, sessionId: string): string {
    return this.config.workspaceUrl + this.tokens.issue(orgId, sessionId);
  }
}
