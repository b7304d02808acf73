import type { ApiClient } from './client.js';

export interface PlayedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestampMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a coding tool tells of one thing that happened (V11). */
export interface CodingEvent {
  readonly id: string;
  readonly ts: number;
  readonly kind: string;
  readonly actor: 'human' | 'ai';
  readonly source: string;
  readonly data: object;
}

export interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

export interface InvitedSession {
  readonly id: string;
  readonly token: string;
  readonly status: string;
  readonly taskStartedAt: string | null;
}

/** Below the limits of one request (500 events, 2 MiB). */
const BATCH_EVENTS = 200;
const BATCH_BYTES = 1_500_000;

/** Nothing more can be played from here on. */
const DONE: readonly string[] = ['submitted', 'scoring', 'scored', 'reviewed'];

/** A session as its candidate's workspace drives it. */
export class SessionPlayer {
  private constructor(
    private readonly workspace: ApiClient,
    readonly session: InvitedSession,
  ) {}

  /** Invites (or finds the session that is there) without sending mail. */
  static async invite(
    admin: ApiClient,
    assessmentId: string,
    candidate: { email: string; name?: string },
  ): Promise<SessionPlayer> {
    const path = `/api/assessments/${encodeURIComponent(assessmentId)}/invite`;
    const { session } = await admin.post<{ session: InvitedSession }>(path, { ...candidate, sendEmail: false });
    return new SessionPlayer(admin.as(session.token), session);
  }

  /** It was submitted in an earlier run, or its time ran out since. */
  get isDone(): boolean {
    return DONE.includes(this.session.status);
  }

  /** @returns the status it is in now */
  async open(): Promise<string> {
    const { session } = await this.workspace.post<{ session: InvitedSession }>(`/api/sessions/${this.session.id}/open`);
    return session.status;
  }

  /** When the task began by the server's clock (ms since 1970). */
  async start(): Promise<number> {
    const { session } = await this.workspace.post<{ session: InvitedSession }>(
      `/api/sessions/${this.session.id}/start`,
    );
    return Date.parse(session.taskStartedAt ?? new Date().toISOString());
  }

  async record(events: readonly PlayedEvent[]): Promise<Outcome> {
    let accepted = 0;
    let duplicates = 0;
    const rejected: Outcome['rejected'][number][] = [];
    for (const batch of batches(events)) {
      const answer = await this.workspace.post<{
        accepted: readonly string[];
        duplicates: readonly string[];
        rejected: Outcome['rejected'];
      }>(`/api/sessions/${this.session.id}/events`, { events: batch });
      accepted += answer.accepted.length;
      duplicates += answer.duplicates.length;
      rejected.push(...answer.rejected);
    }
    return { accepted, duplicates, rejected };
  }

  /** @returns false when it was known before */
  async tell(event: CodingEvent): Promise<boolean> {
    const told = { ...event, sessionId: this.session.id };
    const { skipped } = await this.workspace.post<{ skipped?: true }>('/v1/hooks/ingest', told);
    return skipped === undefined;
  }

  async checkpoint(deliverableState: object): Promise<void> {
    await this.workspace.post(`/api/sessions/${this.session.id}/checkpoint`, { deliverableState });
  }

  async submit(deliverableState?: object): Promise<string> {
    const { session } = await this.workspace.post<{ session: InvitedSession }>(
      `/api/sessions/${this.session.id}/submit`,
      deliverableState ? { deliverableState } : {},
    );
    return session.status;
  }
}

function* batches(events: readonly PlayedEvent[]): Generator<readonly PlayedEvent[]> {
  let batch: PlayedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event));
    if (batch.length > 0 && (batch.length === BATCH_EVENTS || bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
