import { AccessApiModule } from '../access/access-api.module.js';
import { AssessmentsApiModule } from '../assessments/assessments-api.module.js';
import { CandidatesApiModule } from '../candidates/candidates-api.module.js';
import { CohortsApiModule } from '../cohorts/cohorts-api.module.js';
import { HttpModule } from '../http/http.module.js';
import { InvitationsApiModule } from '../invitations/invitations-api.module.js';
import { OrganizationsApiModule } from '../organizations/organizations-api.module.js';
import { ScoringApiModule } from '../scoring/scoring-api.module.js';
import { SessionsApiModule } from '../sessions/sessions-api.module.js';
import { StartPageModule } from '../start-page/start-page.module.js';
import { V1Module } from '../v1/v1.module.js';
import { WebhooksApiModule } from '../webhooks/webhooks-api.module.js';
import { AuthenticationModule } from './authentication.module.js';

/** The doors of HTTP, room by room. */
export const doors = [
  HttpModule,
  AuthenticationModule,
  OrganizationsApiModule,
  AssessmentsApiModule,
  CandidatesApiModule,
  InvitationsApiModule,
  SessionsApiModule,
  ScoringApiModule,
  V1Module,
  CohortsApiModule,
  AccessApiModule,
  WebhooksApiModule,
  StartPageModule,
];
