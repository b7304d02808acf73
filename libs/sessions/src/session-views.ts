import { Injectable } from '@nestjs/common';
import { Assessments } from '#assessments';
import { Candidates } from '#candidates';
import { SessionTokens } from './session-token.js';
import type { SessionCore, SessionView } from './session-view.js';

/** What a reader may see beside the record itself. */
export interface SessionReader {
  /** Names and e-mail addresses. */
  readonly names: boolean;
  /** The candidate's credential (D18). */
  readonly tokens: boolean;
}

/** Joins names to sessions when they are shown: no read model holds them. */
@Injectable()
export class SessionViews {
  constructor(
    private readonly candidates: Candidates,
    private readonly assessments: Assessments,
    private readonly tokens: SessionTokens,
  ) {}

  async of(orgId: string, sessions: readonly SessionCore[], reader: SessionReader): Promise<readonly SessionView[]> {
    const shown = reader.names ? sessions.map((session) => session.candidateId) : [];
    const [profiles, names] = await Promise.all([
      this.candidates.profiles(orgId, shown),
      this.assessments.names(
        orgId,
        sessions.map((session) => session.assessmentId),
      ),
    ]);
    return sessions.map((session) => ({
      ...session,
      token: reader.tokens ? this.tokens.issue(orgId, session.id) : null,
      candidateName: profiles.get(session.candidateId)?.name ?? null,
      candidateEmail: profiles.get(session.candidateId)?.email ?? null,
      assessmentName: names.get(session.assessmentId) ?? null,
    }));
  }

  async one(orgId: string, session: SessionCore, reader: SessionReader): Promise<SessionView> {
    const [view] = await this.of(orgId, [session], reader);
    return view as SessionView;
  }
}
