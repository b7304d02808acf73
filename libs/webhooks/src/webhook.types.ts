/** What a webhook may ask for (contract §1.6), and which fact of the log each comes from. */
export const WEBHOOK_EVENTS = [
  'session.created',
  'session.started',
  'session.submitted',
  'session.scored',
  'session.reviewed',
  'session.decided',
  'session.cancelled',
  'session.deleted',
  'session.scoring_failed',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Sent when somebody asks for it, whatever the webhook listens to. */
export const PING = 'webhook.ping';

export const EVENT_OF_FACT: Readonly<Record<string, WebhookEvent>> = {
  session_invited: 'session.created',
  setup_started: 'session.started',
  task_submitted: 'session.submitted',
  score_recorded: 'session.scored',
  review_recorded: 'session.reviewed',
  decision_recorded: 'session.decided',
  session_cancelled: 'session.cancelled',
  // Of the organization's stream: the session's own is gone when this is sent.
  session_erased: 'session.deleted',
  scoring_failed: 'session.scoring_failed',
  scoring_parked: 'session.scoring_failed',
};
