import { Injectable } from '@nestjs/common';
import { Assessments } from '#assessments';
import type { SessionPlan } from './session.plan.js';
import { planOf } from './session-plan-of.js';
import { Sessions } from './sessions.js';

/** The plan that a session is about to pin. */
@Injectable()
export class SessionPlans {
  constructor(
    private readonly sessions: Sessions,
    private readonly assessments: Assessments,
  ) {}

  /**
   * The assessment's as it is now. Of a deleted assessment it is the one of the invitation: its sessions are being
   * cancelled, and it is the cancellation that keeps this one shut.
   */
  async forSession(orgId: string, sessionId: string): Promise<SessionPlan> {
    const { state } = await this.sessions.require(orgId, sessionId);
    const found = await this.assessments.find(orgId, state.assessmentId);
    return found ? planOf(found) : state.plan;
  }
}
