import { AccessModule, accessEvents, accessPolicies, accessProjections } from '#access';
import { AssessmentsModule, assessmentsEvents, assessmentsProjections } from '#assessments';
import { CandidatesModule, candidatesEvents, candidatesProjections } from '#candidates';
import { CohortsModule, cohortsProjections } from '#cohorts';
import { type EventDefinition, type Fact, logEvents } from '#event-sourcing';
import { InvitationsModule, invitationsPolicies } from '#invitations';
import { OrganizationsModule, organizationsEvents, organizationsProjections } from '#organizations';
import type { Projection } from '#read-store';
import { ScoringModule, scoringEvents, scoringProjections } from '#scoring';
import { SessionsModule, sessionsEvents, sessionsPolicies, sessionsProjections } from '#sessions';
import { WebhooksModule, webhooksEvents, webhooksPolicies } from '#webhooks';

/** The business rooms of this process, and what they bring to it. A new room is named here once. */
export const roomModules = [
  OrganizationsModule,
  AssessmentsModule,
  CandidatesModule,
  SessionsModule,
  AccessModule,
  InvitationsModule,
  ScoringModule,
  CohortsModule,
  WebhooksModule,
];

export const projections: readonly Projection<Fact>[] = [
  ...organizationsProjections,
  ...assessmentsProjections,
  ...candidatesProjections,
  ...sessionsProjections,
  ...scoringProjections,
  ...cohortsProjections,
  ...accessProjections,
];

export const policies = [...sessionsPolicies, ...accessPolicies, ...invitationsPolicies, ...webhooksPolicies];

/** Every event type there is, by room: what `docs/events.md` is made from. */
export const eventsByRoom: Readonly<Record<string, readonly EventDefinition[]>> = {
  sessions: sessionsEvents,
  assessments: assessmentsEvents,
  candidates: candidatesEvents,
  access: accessEvents,
  organizations: organizationsEvents,
  scoring: scoringEvents,
  webhooks: webhooksEvents,
  log: logEvents,
};
