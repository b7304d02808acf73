import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { CandidateKeys, isExpired } from '#access';
import { Assessments, phasesOf } from '#assessments';
import { Candidates } from '#candidates';
import type { Delivery } from '#ops-store';
import { GetOrganization } from '#organizations';
import { Clock, VerbatimConfig } from '#platform';
import { Sessions } from '#sessions';
import { writeKeyInvitation } from './key-letter.js';
import type { Written } from './letters.js';

/** Writes the letter of an invitation by key from what the streams say now. */
@Injectable()
export class KeyLetters {
  constructor(
    private readonly keys: CandidateKeys,
    private readonly candidates: Candidates,
    private readonly assessments: Assessments,
    private readonly sessions: Sessions,
    private readonly queries: QueryBus,
    private readonly config: VerbatimConfig,
    private readonly clock: Clock,
  ) {}

  /** Undefined when the key's session is gone, or its candidate, and the mail with it. */
  async write({ orgId, refs }: Delivery): Promise<Written | undefined> {
    const { keyId = '', candidateId = '', assessmentId = '', sessionId = '' } = refs;
    const found = await this.keys.find(orgId, assessmentId, keyId);
    if (!found || found.text === null) return undefined;
    const { key, text } = found;
    if (key.redeemedAt !== null && !(await this.sessions.find(orgId, sessionId))) return undefined;
    const [profiles, registered, assessment, names, organization] = await Promise.all([
      this.candidates.profiles(orgId, [candidateId]),
      this.candidates.find(orgId, candidateId),
      this.assessments.find(orgId, assessmentId),
      this.assessments.names(orgId, [assessmentId]),
      this.queries.execute(new GetOrganization(orgId)),
    ]);
    const profile = profiles.get(candidateId);
    const phases = assessment ? phasesOf(assessment.assessment) : [];
    const letter = writeKeyInvitation({
      candidateName: profile?.name ?? '',
      candidateEmail: profile?.email ?? '',
      assessmentName: names.get(assessmentId) ?? '',
      organizationName: key.orgName ?? organization.name,
      key: text,
      expiresAt: key.expiresAt,
      taskMinutes: phases.reduce((sum, { timeMinutes }) => sum + timeMinutes, 0),
      serverUrl: this.config.publicUrl,
    });
    const isUseless = key.redeemedAt === null && isExpired(key, this.clock.now());
    const withheld =
      key.revokedAt !== null || !assessment
        ? 'key_revoked'
        : isUseless
          ? 'key_expired'
          : registered
            ? null
            : 'candidate_removed';
    return { letter, inviteUrl: null, withheld };
  }
}
